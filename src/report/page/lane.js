
// --- one lane ---------------------------------------------------------------------------

const FIRST_STEPS = 400;

function tryResult(t) {
	const word = t.ended < 0 ? (run.state === "running" ? "running" : "no end is known") : t.result || t.status;
	return result(t.kind, word);
}

const panel = {
	id: 0, from: null,

	// as the address says: #lane=ID or #lane=ID/STEP
	follow() {
		const m = /^#lane=(\d+)(?:\/(\d+))?$/.exec(location.hash);
		const lane = m && laneById.get(Number(m[1]));
		if (lane)
			this.open(lane, m[2] ? Number(m[2]) - 1 : -1);
		else if (this.id)
			this.close();
	},
	open(lane, target) {
		const box = byId("lane");
		if (!this.id)
			this.from = document.activeElement;
		this.id = lane.id;
		clear(box);
		put(box, this.header(lane), el("div", { class: "body" }, laneFacts(lane), laneSteps(lane, target), laneLog(lane)));
		if (!box.open) {
			if (matchMedia("(min-width: 72rem)").matches)
				box.show();
			else
				box.showModal();
			keepPlace(() => document.body.classList.add("with-lane"));
		}
		box.scrollTop = 0;
		byId("lane-title").focus({ preventScroll: true });
		const step = box.querySelector(".target");
		if (step)
			step.scrollIntoView({ block: "center" });
		table.draw(true);
		timeline.ask();
	},
	close() {
		const id = this.id;
		this.id = 0;
		if (byId("lane").open)
			byId("lane").close();
		keepPlace(() => document.body.classList.remove("with-lane"));
		table.draw(true);
		timeline.ask();
		// the row it was opened from is a new one by now
		const from = this.from.isConnected && this.from !== document.body ? this.from :
			byId("rows").querySelector('a[href="#lane=' + id + '"]');
		if (from)
			from.focus({ preventScroll: true });
	},
	// not by location.hash, which would go to the top of the page
	leave() {
		history.pushState(null, "", "#");
		this.close();
	},
	header(lane) {
		const at = filter.list.indexOf(lane);
		const go = (to, word, label) => el("button", { type: "button", "aria-label": label, title: label, disabled: !filter.list[to] || at < 0,
			onclick: () => { location.replace("#lane=" + filter.list[to].id); } }, word);
		return el("header", {}, el("h2", { id: "lane-title", tabindex: "-1" }, lane.full || lane.name),
			el("span", { class: "pill is-" + lane.verdict }, result(lane.verdict, verdictWord(lane))),
			el("span", { class: "buttons" }, go(at - 1, "\u2191", "previous lane"), go(at + 1, "\u2193", "next lane"),
			el("button", { type: "button", "aria-label": "close", onclick: () => this.leave() }, "\u00d7")));
	},
};

// what is looked at stays where it is when all becomes narrower or wider
function keepPlace(change) {
	const at = document.elementsFromPoint(30, innerHeight / 2).map((e) => e.closest("section")).find(Boolean);
	const top = at ? at.getBoundingClientRect().top : 0;
	change();
	if (at)
		scrollBy(0, at.getBoundingClientRect().top - top);
}

function laneFacts(lane) {
	const list = el("dl", {}), parent = laneById.get(lane.parent);
	const fact = (name, value) => {
		if (value && value.length !== 0)
			put(list, el("dt", {}, name), el("dd", {}, value));
	};
	if (lane.verdict !== "ok")
		fact("result", [lane.at_step ? "\u2018" + lane.at_step + "\u2019 " : "", lane.result].join(""));
	fact("message", lane.message);
	fact("started", [moment(run.wall + lane.began, dayTime), ", " + duration(lane.began) + " after the begin"]);
	fact(lane.ended < 0 ? "took so far" : "took", duration(lane.seconds));
	fact("host", lane.host);
	fact("sequence", lane.sequence !== lane.full && lane.sequence);
	fact("round", lane.round > 1 && String(lane.round));
	fact("wave", lane.wave > 1 && String(lane.wave));
	fact("tries", lane.tries > 1 && "a step of it took " + lane.tries);
	fact("begun by", parent && [laneLink(parent), lane.by ? ", step \u2018" + oneLine(lane.by) + "\u2019" : ""]);
	fact("has begun", lane.children.length > 0 && el("div", {}, lane.children.slice(0, 200).map((c) =>
		el("div", {}, laneLink(c), " ", result(c.verdict, verdictWord(c)))), lane.children.length > 200 ? "and " + many(lane.children.length - 200, "more lane") : ""));
	return [list, lane.facts ? el("details", {}, el("summary", {}, "facts"), el("pre", {}, factsText(lane.facts))) : null,
		lane.verdict !== "ok" && lane.tail ? [el("p", { class: "label" }, "last words on standard error"),
			el("pre", { class: "tail" }, logNodes(lane.tail.replace(/\n$/, "")))] : null];
}

function factsText(json) {
	try {
		return visible(JSON.stringify(JSON.parse(json), null, 2));
	} catch (e) {
		return visible(json);
	}
}

// a run of one lane: what is in it is the page
function drawOnlyLane() {
	const seen = lanes.filter((l) => !l.hidden || l.verdict === "failed");
	if (seen.length !== 1)
		return;
	const lane = seen[0], section = byId("lanes");
	byId("filter").hidden = byId("table").hidden = byId("shown").hidden = lanes.length === 1;
	if (lanes.length === 1)
		byId("lanes-title").textContent = lane.full || lane.name;
	put(section, el("div", { class: "only" }, laneFacts(lane), laneSteps(lane, -1), laneLog(lane, true)));
}

// --- its steps

function laneSteps(lane, target) {
	const box = el("div", {});
	const draw = (from, to) => put(box, lane.steps.slice(from, to).map((s, i) => drawStep(lane, s, from + i === target)));
	const end = Math.max(FIRST_STEPS, target + 1);
	draw(0, end);
	if (lane.steps.length > end) {
		const more = el("button", { type: "button", onclick: () => { more.remove(); draw(end); } },
			"show " + many(lane.steps.length - end, "more step"));
		put(box, more);
	}
	return [el("h3", {}, lane.steps.length ? many(lane.steps.length, "step") : "No step was begun"), box];
}

function drawStep(lane, step, target) {
	const last = step.tries[step.tries.length - 1], inner = el("div", { class: "inner" });
	const took = axis.active(step.tries[0].began, last.end);
	const open = target || last.kind === "bad" || last.kind === "open";
	const fill = () => { if (!inner.firstChild) fillStep(inner, lane, step); };
	const details = el("details", { class: "step is-" + last.kind + (target ? " target" : ""), open, ontoggle: () => { if (details.open) fill(); } },
		el("summary", {}, el("span", { class: "name" }, step.label, step.entry > 1 ? el("span", { class: "soft" }, " (again: " + step.entry + ")") : null),
			tryResult(last), step.tries.length > 1 ? el("span", { class: "label" }, "after " + step.tries.length + " tries") : null,
			el("span", { class: "took" }, duration(took))), inner);
	if (open)
		fill();
	details.style.marginLeft = Math.min(step.depth, 6) * 1.1 + "rem";
	return details;
}

function fillStep(inner, lane, step) {
	if (step.in && step.in !== lane.sequence)
		put(inner, el("p", { class: "label" }, "in " + step.in));
	if (step.command)
		put(inner, el("p", { class: "label" }, "command"), el("pre", {}, step.command));
	for (const t of step.tries)
		put(inner, drawTry(lane, step, t));
}

function drawTry(lane, step, t) {
	const one = step.tries.length === 1;
	return el("div", { class: "try" },
		el("div", { class: "line" }, one ? null : el("b", {}, "try " + t.number), one ? null : tryResult(t),
			el("span", { class: "soft" }, "at " + duration(t.began) + ", took " + duration(t.seconds)),
			t.reaction ? el("span", {}, el("span", { class: "label" }, "then "), t.reaction) : null),
		t.message ? el("p", {}, visible(t.message)) : null,
		t.to > t.from ? [el("p", { class: "label" }, "output, " + bytes(t.to - t.from)), logPart(lane, t.from, t.to)] :
			t.tail ? [el("p", { class: "label" }, "last words on standard error"), el("pre", { class: "tail" }, logNodes(t.tail.replace(/\n$/, "")))] : null);
}

// --- its log

function laneLog(lane, open) {
	if (!lane.log || lane.log[0] === 0)
		return [el("h3", {}, "Log"), el("p", { class: "soft" }, lane.log ? "It is empty." : "There is none: no output, or none was kept.")];
	const body = el("div", {}), sliced = lane.steps.some((s) => s.tries.some((t) => t.to > t.from));
	const wrap = el("input", { type: "checkbox", checked: true, onchange: () => {
		for (const pre of document.querySelectorAll("pre.log"))
			pre.classList.toggle("nowrap", !wrap.checked);
	} });
	const fill = () => { if (!body.firstChild) put(body, logPart(lane, 0, lane.log[0])); };
	const details = el("details", { open: open || !sliced, ontoggle: () => { if (details.open) fill(); } },
		el("summary", {}, "whole log, " + bytes(lane.log[0])), body);
	if (open || !sliced)
		fill();
	return [el("h3", {}, "Log"), el("p", {}, el("label", {}, wrap, " wrap long lines")), details];
}
