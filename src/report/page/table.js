
// --- which lanes are shown, and in what order ------------------------------------

const filter = {
	text: "", verdicts: new Set(), flaky: false, kind: null, inner: true, hidden: false, logs: false,
	sort: "order", down: false, list: [],
	changed: [],		// called when the list is another

	toggle(verdict) {
		if (!this.verdicts.delete(verdict))
			this.verdicts.add(verdict);
		this.update();
	},
	setKind(kind) {
		this.kind = kind;
		this.update();
	},
	fits(lane) {
		return (!this.verdicts.size || this.verdicts.has(lane.verdict)) &&
			(!this.flaky || lane.tries > 1) &&
			(this.kind === null || lane.kind === this.kind.number) &&
			(this.inner || !lane.parent) &&
			(this.hidden || !lane.hidden || lane.verdict === "failed");
	},
	hasWords(lane, words) {
		if (lane.search === undefined)
			lane.search = [lane.full, lane.name, lane.host, laneWords(lane), verdictWord(lane)]
				.concat(lane.steps.map((s) => s.label)).join("\n").toLowerCase();
		return words.every((w) => lane.search.includes(w) || this.logs && this.inLog(lane, w));
	},
	// what this page holds of it
	inLog(lane, word) {
		if (lane.said === undefined) {
			const log = logOf(lane);
			lane.said = log && log.text ? log.text.toLowerCase() : "";
		}
		return lane.said.includes(word);
	},
	update() {
		const words = this.text.toLowerCase().split(/\s+/).filter(Boolean);
		const list = lanes.filter((l) => this.fits(l) && this.hasWords(l, words));
		this.list = this.sort === "order" ? treeOrder(list) : list.sort(ORDERS[this.sort]);
		if (this.down)
			this.list.reverse();
		for (const f of this.changed)
			f();
	},
};

const BAD_FIRST = { failed: 0, cancelled: 1, open: 2, rescued: 3, ok: 4 };
const names = new Intl.Collator("en", { numeric: true });
const ORDERS = {
	result: (a, b) => BAD_FIRST[a.verdict] - BAD_FIRST[b.verdict] || b.tries - a.tries || a.at - b.at,
	name: (a, b) => names.compare(a.name, b.name) || a.at - b.at,
	at: (a, b) => names.compare(laneWords(a) || "\uffff", laneWords(b) || "\uffff") || a.at - b.at,
	tries: (a, b) => b.tries - a.tries || a.at - b.at,
	start: (a, b) => a.began - b.began || a.at - b.at,
	time: (a, b) => b.seconds - a.seconds || a.at - b.at,
};

const COLUMNS = [
	["result", "result", ""], ["name", "lane", ""], ["at", "where, why", ""],
	["tries", "tries", "number"], ["start", "start", "number"], ["time", "time", "number"],
];

function drawColumns() {
	const row = clear(byId("columns"));
	for (const [key, word, kind] of COLUMNS) {
		const on = filter.sort === key;
		const direction = on ? (filter.down ? "descending" : "ascending") : null;
		put(row, el("th", { scope: "col", class: "c-" + key + " " + kind, "aria-sort": direction },
			el("button", { type: "button", title: "sort by " + word, onclick: () => sortBy(key) },
				key === "result" && !on ? el("span", { class: "word" }, word) : word,
				on ? (filter.down ? " \u25b4" : " \u25be") : "")));
	}
}

// once, again the other way round, and back to the order of the run
function sortBy(key) {
	if (filter.sort !== key) {
		filter.sort = key;
		filter.down = false;
	} else if (!filter.down) {
		filter.down = true;
	} else {
		filter.sort = "order";
		filter.down = false;
	}
	drawColumns();
	filter.update();
	byId("columns").querySelector(".c-" + key + " button").focus();
}

function drawChips() {
	const box = clear(byId("chips"));
	const chip = (on, kind, text, onclick) =>
		put(box, el("button", { type: "button", class: kind ? "is-" + kind : null, "aria-pressed": String(on), onclick }, text));
	const present = VERDICTS.filter((v) => lanes.some((l) => l.verdict === v));
	if (present.length > 1)
		for (const v of present)
			chip(filter.verdicts.has(v), v, result(v, v === "open" ? OPEN_WORD : v), () => filter.toggle(v));
	const flag = (key, text) => chip(filter[key], "", text, () => { filter[key] = !filter[key]; filter.update(); });
	if (document.querySelector("script[id^=log-]"))
		flag("logs", "search output, too");
	if (lanes.some((l) => l.tries > 1))
		flag("flaky", "with retries");
	if (lanes.some((l) => l.parent))
		flag("inner", "lanes within lanes");
	if (lanes.some((l) => l.hidden && l.verdict !== "failed"))
		flag("hidden", "lists and variables");
	if (filter.kind)
		chip(true, "failed", "only " + oneLine([filter.kind.step, filter.kind.what].filter(Boolean).join(": ")) + " \u00d7", () => filter.setKind(null));
	for (const tile of document.querySelectorAll(".tile[data-verdict]"))
		tile.setAttribute("aria-pressed", String(filter.verdicts.has(tile.dataset.verdict)));
}

// --- the table: only the rows that can be seen are made -----------------------------

const table = {
	first: -1, last: -1, all: false,	// all: for paper
	FEW: 150,				// so many are simply all there

	rowHeight() {
		return matchMedia("(max-width: 46rem)").matches ? 48 : 34;
	},
	// the longest time, for the bars
	longest: 0.001,
	row(lane, at) {
		let depth = 0;
		if (filter.sort === "order")
			for (let p = laneById.get(lane.parent); p && depth < 4; p = laneById.get(p.parent))
				depth++;
		const bar = el("i", { "aria-hidden": "true" });
		const words = laneWords(lane);
		bar.style.width = (100 * lane.seconds / this.longest).toFixed(1) + "%";
		return el("tr", { "aria-rowindex": at + 2, "data-at": at, class: lane.id === panel.id ? "current" : null,
			onclick: (e) => { if (!e.target.closest("a")) location.hash = "lane=" + lane.id; } },
		el("td", { class: "c-result" }, result(lane.verdict, verdictWord(lane))),
		el("td", { class: "c-name", title: lane.full }, el("a", { href: "#lane=" + lane.id },
			depth ? "\u00a0\u00a0".repeat(depth - 1) + "\u21b3 " : "", depth ? lane.below : lane.name),
		el("span", { class: "below" }, words || (lane.steps.length ? many(lane.steps.length, "step") : "\u00a0"))),
		el("td", { class: "c-at", title: words }, words),
		el("td", { class: "c-tries number" }, lane.tries > 1 ? String(lane.tries) : ""),
		el("td", { class: "c-start number" }, duration(lane.began)),
		el("td", { class: "c-time number is-" + lane.verdict }, duration(lane.seconds), bar));
	},
	gap(height) {
		const cell = el("td", { class: "gap", colspan: COLUMNS.length });
		cell.style.height = height + "px";
		return el("tr", { class: "space", "aria-hidden": "true" }, cell);
	},
	range() {
		const n = filter.list.length, h = this.rowHeight();
		if (n <= this.FEW || this.all)
			return [0, this.all ? Math.min(n, 2000) : n];
		const top = byId("rows").getBoundingClientRect().top;
		const first = Math.floor(-top / h) - 15;
		return [Math.max(0, Math.min(first, n - 1)), Math.max(0, Math.min(n, first + Math.ceil(innerHeight / h) + 30))];
	},
	draw(force) {
		const [first, last] = this.range(), n = filter.list.length, h = this.rowHeight();
		if (!force && first === this.first && last === this.last)
			return;
		const focused = document.activeElement && document.activeElement.closest("#rows tr");
		const at = focused ? focused.dataset.at : null;
		const body = byId("rows"), out = document.createDocumentFragment();
		if (first > 0)
			out.append(this.gap(first * h));
		for (let i = first; i < last; i++)
			out.append(this.row(filter.list[i], i));
		if (last < n && !this.all)
			out.append(this.gap((n - last) * h));
		if (n === 0 || this.all && last < n)
			out.append(el("tr", {}, el("td", { class: "empty", colspan: COLUMNS.length },
				n === 0 ? (lanes.length ? "No lane fits." : "No lane was begun.") : "and " + many(n - last, "more lane"))));
		clear(body).append(out);
		this.first = first;
		this.last = last;
		if (at !== null)
			this.focus(Number(at));
	},
	refresh() {
		this.longest = Math.max(0.001, ...chunkMax(filter.list));
		byId("table").setAttribute("aria-rowcount", filter.list.length + 1);
		const visibleLanes = lanes.filter((l) => filter.hidden || !l.hidden || l.verdict === "failed").length;
		clear(byId("shown")).append(filter.list.length === visibleLanes ? many(visibleLanes, "lane") :
			number(filter.list.length) + " of " + many(visibleLanes, "lane"));
		drawChips();
		this.draw(true);
	},
	focus(at) {
		const row = byId("rows").querySelector('tr[data-at="' + at + '"]');
		if (row)
			row.querySelector("a").focus({ preventScroll: true });
		return row;
	},
	// to a row that need not be there yet
	goTo(at) {
		const h = this.rowHeight(), top = byId("rows").getBoundingClientRect().top + at * h;
		if (top < 60 || top > innerHeight - 2 * h)
			scrollBy(0, top - innerHeight / 2);
		this.draw();
		this.focus(at);
	},
};

// a list may be too long for one call of Math.max
function chunkMax(list) {
	let max = 0;
	for (const l of list)
		max = Math.max(max, l.seconds);
	return [max];
}

function startTable() {
	filter.changed.push(() => table.refresh());
	byId("find").addEventListener("input", () => { filter.text = byId("find").value; filter.update(); });
	addEventListener("scroll", () => table.draw(), { passive: true });
	addEventListener("resize", () => table.draw(true));
	byId("rows").addEventListener("keydown", (e) => {
		const row = e.target.closest("tr"), step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
		if (!row || !step || e.altKey || e.ctrlKey || e.metaKey)
			return;
		const at = Number(row.dataset.at) + step;
		if (at >= 0 && at < filter.list.length) {
			e.preventDefault();
			table.goTo(at);
		}
	});
	drawColumns();
}
