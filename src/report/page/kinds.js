
// --- failures by kind ---------------------------------------------------------------
//
// The same kinds as in the summary: pseq has made them, each lane that failed
// has the number of its own.

const SHOWN_KINDS = 10, SHOWN_LANES = 8;

// the step that a lane failed at, as far as it is known
function failedStep(lane) {
	for (let i = lane.steps.length - 1; i >= 0; i--) {
		const step = lane.steps[i], last = step.tries[step.tries.length - 1];
		if (step.label === lane.at_step && last.kind !== "ok" && last.kind !== "skip")
			return step;
	}
	return null;
}

function example(lane) {
	const step = failedStep(lane);
	const last = step && step.tries[step.tries.length - 1];
	const body = el("div", {});
	const details = el("details", { ontoggle: () => {
		// built when it is looked at
		if (!details.open || body.firstChild)
			return;
		if (step && step.command)
			put(body, el("p", { class: "label" }, "command"), el("pre", {}, step.command));
		put(body, el("p", { class: "label" }, last && step.tries.length > 1 ?
			"output of the last of " + step.tries.length + " tries" : "output"));
		put(body, last && last.to > last.from ? logPart(lane, last.from, last.to) :
			el("p", { class: "soft" }, "There was none."));
		put(body, el("p", {}, laneLink(lane, "All of " + lane.name)));
	} }, el("summary", {}, "example: " + lane.name), body);
	return details;
}

function drawKind(kind, members) {
	const title = kind.step ? "\u2018" + oneLine(kind.step) + "\u2019 " : "";
	const who = el("div", { class: "who" });
	const showAll = () => { filter.setKind(kind); byId("lanes").scrollIntoView(); };
	if (members.length <= SHOWN_LANES)
		put(who, members.map((l) => laneLink(l)));
	else
		put(who, el("span", { class: "names" }, kind.names ? visible(kind.names) :
			members.slice(0, SHOWN_LANES).map((l) => l.name).join(", ") + " and " + number(kind.count - SHOWN_LANES) + " more"),
		el("button", { type: "button", class: "noprint", onclick: showAll }, "show them in the table"));
	return el("article", { class: "kind" },
		el("header", {}, el("h3", {}, title, el("span", { class: "result is-failed" }, visible(kind.what || ""))),
			el("span", { class: "count" }, many(kind.count, "lane"))),
		kind.message ? el("p", { class: "message" }, visible(kind.message)) : null,
		kind.tail ? el("pre", { class: "tail" }, logNodes(kind.tail.replace(/\n$/, ""))) : null,
		who, members.length > 0 ? example(members[0]) : null);
}

function drawKinds() {
	const members = new Map();
	const box = byId("kinds");
	for (const lane of lanes) {
		if (lane.kind === undefined)
			continue;
		if (!members.has(lane.kind))
			members.set(lane.kind, []);
		members.get(lane.kind).push(lane);
	}
	byId("failures").hidden = byId("to-failures").hidden = members.size === 0;
	const draw = (kinds) => put(box, kinds.map((k) => drawKind(k, members.get(k.number) || [])));
	draw(run.kinds.slice(0, SHOWN_KINDS));
	if (run.kinds.length > SHOWN_KINDS) {
		const more = el("button", { type: "button", onclick: () => { more.remove(); draw(run.kinds.slice(SHOWN_KINDS)); } },
			"show " + many(run.kinds.length - SHOWN_KINDS, "more kind"));
		put(box, more);
	}
	const known = new Set(run.kinds.map((k) => k.number));
	const others = [...members].filter(([n]) => !known.has(n)).reduce((sum, [, list]) => sum + list.length, 0);
	if (others > 0)
		put(box, el("p", {}, "Failed in other ways: " + many(others, "lane")));
}
