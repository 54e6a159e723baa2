
// --- light or dark -----------------------------------------------------------------------

const theme = {
	now: "",		// as the system has it
	prefersDark: matchMedia("(prefers-color-scheme: dark)"),

	start() {
		try {
			this.now = localStorage.getItem("pseq-theme") || "";
		} catch (e) {
			// a page from a file may not be allowed to keep anything
		}
		byId("theme").addEventListener("click", () => this.set(this.isDark() ? "light" : "dark"));
		this.prefersDark.addEventListener("change", () => this.show());
		this.show();
	},
	isDark() {
		return this.now ? this.now === "dark" : this.prefersDark.matches;
	},
	set(to) {
		this.now = to;
		try {
			localStorage.setItem("pseq-theme", to);
		} catch (e) {
			// then it is chosen anew next time
		}
		this.show();
		this.redraw();
	},
	show() {
		if (this.now)
			document.documentElement.dataset.theme = this.now;
		byId("theme").textContent = this.isDark() ? "\u2600 light" : "\u263e dark";
	},
	redraw() {
		timeline.readColours();
		timeline.draw();
		drawLegend();
	},
};

// --- on paper: all rows, in light -----------------------------------------------------------

function startPrint() {
	const both = (on) => () => {
		const was = theme.now;
		table.all = on;
		document.documentElement.dataset.theme = on ? "light" : theme.now;
		if (!on && !was)
			delete document.documentElement.dataset.theme;
		theme.redraw();
		table.draw(true);
	};
	addEventListener("beforeprint", both(true));
	addEventListener("afterprint", both(false));
}

// --- all of it --------------------------------------------------------------------------------

function start() {
	theme.start();
	byId("page").hidden = false;
	drawHead();
	drawCounts();
	drawKinds();
	drawNotes(false);
	startTable();
	timeline.start();
	filter.update();
	drawLegend();
	theme.prefersDark.addEventListener("change", () => theme.redraw());
	byId("time-help").textContent = COARSE ?
		"Pinch sideways to zoom time, upright for the lanes; tap for details." :
		"Ctrl + wheel or pinch zooms time, Alt + wheel the lanes; drag to move, drag along the scale to choose a span; " +
		"keys + \u2212 0 [ ]. The rows follow the filter and the order of the table below.";
	startPrint();
	byId("lane").addEventListener("cancel", (e) => { e.preventDefault(); panel.leave(); });
	addEventListener("keydown", (e) => { if (e.key === "Escape" && panel.id && !e.defaultPrevented) panel.leave(); });
	addEventListener("hashchange", () => panel.follow());
	// not before the logs behind this program are there
	addEventListener("DOMContentLoaded", () => { drawChips(); drawOnlyLane(); panel.follow(); });
}

start();
