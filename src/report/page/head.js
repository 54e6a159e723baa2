
// --- what run this is, and what came of it ------------------------------------

const VERDICTS = ["ok", "rescued", "failed", "cancelled", "open"];
const totals = Object.assign({ ok: 0, rescued: 0, failed: 0, cancelled: 0, open: 0, unstarted: 0,
	flaky: 0, steps: 0, tries: 0 }, run.totals);

const STATUS_MEANS = {
	0: "every lane ended well", 1: "a lane failed or did not come to its end", 2: "a mistake in the job or the command line",
	3: "the system failed", 4: "there was nothing to do", 75: "left out because of a lock", 141: "the reader of the output went away",
};

const WHY = {
	over: "", drain: "no more lanes were begun", signal: "ended by signal", timeout: "its time was over",
	output: "its output could not be written", system: "the system failed",
};

function runKind() {
	if (run.state === "running")
		return ["open", "running"];
	if (run.state === "interrupted")
		return ["cancel", "interrupted"];
	if (run.status === 0)
		return ["ok", "ok"];
	return ["bad", "failed"];
}

// 500 lanes: 80 ok, 412 failed, 8 cancelled; 12m03s
function sentence() {
	const sum = VERDICTS.reduce((n, v) => n + totals[v], 0);
	const parts = VERDICTS.filter((v) => totals[v] > 0)
		.map((v) => number(totals[v]) + " " + (v === "open" ? (OPEN_WORD === "running" ? "running" : "without an end") : v));
	if (totals.unstarted !== 0)
		parts.push((totals.unstarted < 0 ? "some" : number(totals.unstarted)) + " not started");
	const what = sum + Math.max(0, totals.unstarted) === 0 ? "Nothing was run" :
		parts.length === 1 && totals.ok === sum ? many(sum, "lane") + " ok" :
		many(sum, "lane") + ": " + parts.join(", ");
	return [what, run.state === "running" ? "; going on for " : "; ", lasted(),
		totals.flaky > 0 ? "; " + many(totals.flaky, "lane") + " ended well, but not at the first try" : ""].join("");
}

function lasted() {
	if (run.sessions.length < 2)
		return duration(run.seconds);
	return duration(axis.active(0, run.seconds)) + " in " + run.sessions.length + " sessions over " + duration(run.seconds);
}

function quoted(word) {
	return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : "'" + word.replace(/'/g, "'\\''") + "'";
}

const commandLine = (args) => visible(args.map(quoted).join(" "));

function endWords() {
	if (run.state === "running")
		return "it goes on (process " + run.pid + " on " + visible(run.host || "") + ") as this page is made";
	if (run.state === "interrupted")
		return ["it was cut off; ", el("code", {}, "pseq resume " + visible(run.run || "")), " goes on with it"];
	const why = (WHY[run.why] === undefined ? run.why : WHY[run.why]) + (run.signal ? " " + run.signal : "");
	return ["exit status " + run.status, [STATUS_MEANS[run.status], why].filter(Boolean).map((w) => ": " + w).slice(0, 1),
		STATUS_MEANS[run.status] && why ? " (" + why + ")" : ""];
}

function sessionWords(s, i) {
	const how = s.ended < 0 ? (i === run.sessions.length - 1 && run.state === "running" ? "goes on" : "cut off") :
		"ended after " + duration(s.ended - s.began) + (s.status >= 0 ? " with status " + s.status : "");
	return el("div", {}, i === 0 ? "started " : "resumed ", moment(s.wall), ", " + how + ": ",
		el("code", {}, commandLine(s.args)));
}

function drawHead() {
	const fact = (name, value, more) => {
		if (value && value.length !== 0)
			put(byId(more ? "more-facts" : "facts"), el("dt", {}, name), el("dd", {}, value));
	};
	const [kind, word] = runKind();
	const first = run.sessions[0];

	document.title = visible(run.job || "") + ": " + word + " \u2013 pseq";
	put(byId("state"), el("span", { class: "pill is-" + kind }, result(kind, word)));
	put(byId("job"), visible(run.job || "run"));
	put(byId("sentence"), sentence());
	fact("run", el("code", {}, visible(run.run || "")));
	fact("started", moment(run.wall));
	fact("end", el("span", {}, endWords()));
	fact("tries again", run.retry_of && el("code", {}, visible(run.retry_of)));
	if (run.sessions.length > 1)
		fact("sessions", el("div", {}, run.sessions.map(sessionWords)));
	else
		fact("command", first && el("code", {}, commandLine(first.args)));
	fact("on", visible([run.user, run.host].filter(Boolean).join("@")), true);
	fact("in", run.cwd && el("code", {}, visible(run.cwd)), true);
	fact("job files", el("div", {}, run.files.map((f) => el("div", {}, el("code", {}, visible(f))))), true);
	fact("variables", run.vars.length > 0 && el("div", {}, run.vars.map(([n, v]) =>
		el("div", {}, el("code", {}, visible(n) + " = " + visible(v))))), true);
	byId("more").open = matchMedia("(min-width: 46rem)").matches;
	put(byId("foot"), "Made by pseq " + visible(run.made_by || "") + " ", moment(run.made),
		" from ", el("code", {}, visible(run.dir || "")), ". Everything on this page is in this file.");
}

// --- counts ---------------------------------------------------------------------

function drawCounts() {
	const tiles = el("div", { class: "tiles" }), share = el("div", { class: "share", "aria-hidden": "true" });
	const tile = (kind, n, word) => {
		if (n !== 0) {
			put(tiles, el("button", { type: "button", class: "tile is-" + kind, "data-verdict": kind, "aria-pressed": "false",
				onclick: () => { filter.toggle(kind); byId("lanes").scrollIntoView(); } },
			el("b", {}, number(n)), el("span", {}, el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[kind]), " ", word)));
			put(share, el("i", { class: "is-" + kind, "data-grow": n }));
		}
	};
	for (const v of VERDICTS)
		tile(v, totals[v], v === "open" ? OPEN_WORD : v);
	if (totals.unstarted !== 0) {
		put(tiles, el("div", { class: "tile is-unstarted" }, el("b", {}, totals.unstarted < 0 ? "some" : number(totals.unstarted)),
			el("span", {}, el("span", { class: "sign", "aria-hidden": "true" }, SIGNS.unstarted), " not started")));
		put(share, el("i", { class: "is-unstarted", "data-grow": Math.max(1, totals.unstarted) }));
	}
	if (totals.steps > 0)
		put(tiles, el("div", { class: "tile" }, el("b", {}, number(totals.steps)), el("span", {},
			totals.steps === 1 ? "step" : "steps")));
	if (totals.tries > totals.steps)
		put(tiles, el("div", { class: "tile" }, el("b", {}, number(totals.tries)), el("span", {}, "tries")));
	put(byId("counts"), tiles, share.children.length > 1 ? share : null);
	// the policy of the page forbids style in markup, not in the program
	for (const part of share.children)
		part.style.flexGrow = part.dataset.grow;
	if (run.unstarted.length > 0)
		put(byId("counts"), el("p", { class: "help" }, "Not started: ", run.unstarted.map(([name, n]) =>
			visible(name) + " (" + (n < 0 ? "the rest of its list" : many(n, "lane")) + ")").join(", ")));
	drawSlowest();
}

// lanes that took more than twice the middle, as the summary tells them
function drawSlowest() {
	const timed = lanes.filter((l) => !l.hidden && !l.parent && l.ended >= 0 && l.verdict !== "cancelled")
		.sort((a, b) => b.seconds - a.seconds);
	if (timed.length < 4)
		return;
	const middle = timed[Math.floor(timed.length / 2)].seconds;
	const slow = timed.slice(0, 3).filter((l) => l.seconds > 1 && l.seconds > 2 * middle);
	if (slow.length > 0)
		put(byId("counts"), el("p", { class: "help" }, "Slowest: ", slow.map((l, i) =>
			[i > 0 ? ", " : "", laneLink(l), " " + duration(l.seconds)]), " (median " + duration(middle) + ")"));
}

function laneLink(lane, text) {
	return el("a", { href: "#lane=" + lane.id }, text || lane.name);
}

// --- what was said ----------------------------------------------------------------

function drawNotes(all) {
	const FIRST = 12, list = clear(byId("notes"));
	const notes = all ? run.notes : run.notes.slice(0, FIRST);
	byId("said").hidden = run.notes.length === 0;
	for (const note of notes) {
		const lane = laneById.get(note.lane);
		put(list, el("li", {}, el("span", { class: "at" }, duration(note.time)), el("span", {},
			note.warning ? el("span", { class: "warning" }, "\u26a0 warning ") : null,
			lane ? [laneLink(lane), ": "] : null, visible(note.text || ""))));
	}
	if (notes.length < run.notes.length)
		put(list, el("li", {}, el("span"), el("span", {}, el("button", { type: "button", onclick: () => drawNotes(true) },
			"show all " + number(run.notes.length)))));
}
