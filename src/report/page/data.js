
// --- the data ---------------------------------------------------------------
//
// Written by src/report/pagedata.c.  Numbers in `lanes` that stand for texts
// are indexes of `texts` (0 is ""), those that stand for steps of `steps`,
// which has [in, label].  A lane's steps are [step, command, entry, try, …],
// a try is [began, ended, result, status, from, to, reaction, message, tail,
// again], without zeros at its end: from and to are bytes of the lane's log.
// Times are seconds since the run began, -1 is none.

const run = JSON.parse(byId("data").textContent);
if (run.state === "running")
	run.seconds = Math.max(run.seconds, run.made - run.wall);
const texts = run.texts.map(visible);
const laneById = new Map();
const OPEN_WORD = run.state === "running" ? "running" : "interrupted";

// what a try is drawn and told as
function tryKind(t) {
	if (t.ended < 0)
		return "open";
	if (t.status === "ok")
		return "ok";
	if (t.status === "skipped")
		return "skip";
	if (t.status === "cancelled")
		return "cancel";
	return t.again ? "retry" : "bad";
}

function readTry(row, at) {
	const t = {
		number: at + 1, began: row[0] || 0, ended: row[1] || 0, result: texts[row[2] || 0],
		status: texts[row[3] || 0], from: row[4] || 0, to: row[5] || 0,
		reaction: texts[row[6] || 0], message: texts[row[7] || 0], tail: texts[row[8] || 0],
		again: Boolean(row[9]),
	};
	t.kind = tryKind(t);
	return t;
}

function readStep(row) {
	const [inside, label] = run.steps[row[0]];
	return {
		in: texts[inside], label: oneLine(texts[label]), command: texts[row[1]],
		entry: row[2], tries: row.slice(3).map(readTry),
	};
}

// the tag tells lanes apart, but a number alone says little
const nameOf = (row) => oneLine(row.tag && !/^\d+$/.test(row.tag) ? row.tag : row.name || "") || "lane " + row.id;

function readLane(row, at) {
	const lane = {
		at, id: row.id, name: nameOf(row),
		full: oneLine(row.name || ""), sequence: texts[row.sequence || 0],
		host: texts[row.host || 0], round: row.round || 1, wave: row.wave || 1,
		hidden: Boolean(row.hidden), parent: row.parent || 0, by: texts[row.by || 0],
		began: row.began, ended: row.ended, tries: row.tries || 1, facts: row.facts || "",
		verdict: row.verdict || "open", result: texts[row.result || 0],
		at_step: oneLine(texts[row.step || 0]), message: texts[row.message || 0],
		tail: texts[row.tail || 0], kind: row.kind, log: row.log || null,
		steps: row.steps.map(readStep), children: [],
	};
	laneById.set(lane.id, lane);
	return lane;
}

const lanes = run.lanes.map(readLane);
delete run.lanes;

for (const lane of lanes) {
	const parent = laneById.get(lane.parent);
	if (parent && parent !== lane)
		parent.children.push(lane);
	// as it is called below that one
	lane.below = parent && lane.full.startsWith(parent.full + "/") ?
		lane.full.slice(parent.full.length + 1) : lane.name;
}

// what is shown in one line of where a lane stands, or what became of it
function laneWords(lane) {
	if (lane.words === undefined) {
		const last = lane.steps[lane.steps.length - 1];
		let words = "";
		if (lane.verdict === "open")
			words = last ? "in \u2018" + last.label + "\u2019" : "";
		else if (lane.verdict !== "ok")
			words = [lane.at_step ? "\u2018" + lane.at_step + "\u2019" : "", lane.result, lane.message]
				.filter(Boolean).join(": ").replace(": ", " ");
		else if (lane.tries > 1)
			words = "after " + lane.tries + " tries";
		lane.words = oneLine(words);
	}
	return lane.words;
}

const verdictWord = (lane) => lane.verdict === "open" ? OPEN_WORD : lane.verdict;

// the order of the run, with what a lane has started below it
function treeOrder(list) {
	const inside = new Set(list), order = [];
	const add = (lane) => {
		order.push(lane);
		for (const c of lane.children)
			if (inside.has(c))
				add(c);
	};
	for (const lane of list)
		if (!inside.has(laneById.get(lane.parent)))
			add(lane);
	return order;
}

// --- the axis of time: the hours between two sessions are not drawn -----------

const axis = (() => {
	const spans = [];
	for (let i = 0; i < run.sessions.length; i++) {
		const s = run.sessions[i], next = run.sessions[i + 1];
		let end = s.ended >= 0 ? s.ended : run.seconds;
		if (next && s.ended < 0) {
			// cut off: it went on for as long as anything is known of it
			end = s.began;
			for (const lane of lanes) {
				for (const t of [lane.began, lane.ended])
					if (t <= next.began)
						end = Math.max(end, t);
				for (const step of lane.steps)
					for (const t of step.tries)
						if (Math.max(t.began, t.ended) <= next.began)
							end = Math.max(end, t.began, t.ended);
			}
		}
		spans.push({ from: s.began, to: Math.max(end, s.began) });
	}
	if (spans.length === 0)
		spans.push({ from: 0, to: run.seconds });
	const sum = spans.reduce((n, s) => n + s.to - s.from, 0) || 0.001;
	let x = 0;
	spans.forEach((s, i) => {
		s.gap = i > 0 ? Math.max(0, s.from - spans[i - 1].to) : 0;
		if (i > 0)
			x += (s.hidden = Math.min(s.gap, sum * 0.03));
		s.x = x;
		x += s.to - s.from;
	});
	const length = Math.max(x, 0.001);
	const spanOf = (t) => {
		let i = spans.length - 1;
		while (i > 0 && t < spans[i].from)
			i--;
		return spans[i];
	};
	const place = (t) => {
		const s = spanOf(t), next = spans[spans.indexOf(s) + 1];
		if (t <= s.to || !next)
			return s.x + Math.max(0, t - s.from);
		// between two sessions
		const end = s.x + s.to - s.from;
		return end + (t - s.to) / (next.from - s.to) * (next.x - end);
	};
	// time at work between two moments
	const active = (a, b) => spans.reduce((sum, s, i) => {
		const to = i === spans.length - 1 ? Infinity : s.to;
		return sum + Math.max(0, Math.min(b, to) - Math.max(a, s.from));
	}, 0);
	return { spans, length, place, spanOf, active };
})();

// steps that contain the next ones (calls) are drawn above them
function markOuter(steps) {
	const around = [];	// ends of the calls that a step is in
	steps.forEach((step, i) => {
		const end = step.tries[step.tries.length - 1].end, next = steps[i + 1];
		while (around.length > 0 && step.tries[0].began >= around[around.length - 1])
			around.pop();
		step.depth = around.length;
		step.outer = next !== undefined && next.tries[0].began < end && next.tries[0].end <= end;
		if (step.outer)
			around.push(end);
	});
}

for (const lane of lanes) {
	// without an end: until its session was cut off
	lane.end = lane.ended < 0 ? Math.max(run.seconds, lane.began) : lane.ended;
	lane.x0 = axis.place(lane.began);
	lane.x1 = axis.place(lane.end);
	lane.seconds = axis.active(lane.began, lane.end);
	for (const step of lane.steps)
		for (const t of step.tries) {
			t.end = t.ended < 0 ? Math.max(axis.spanOf(t.began).to, t.began) : t.ended;
			t.seconds = axis.active(t.began, t.end);
			t.x0 = axis.place(t.began);
			t.x1 = axis.place(t.end);
		}
	// kinds of tries, so that a search for one need not look at all
	lane.has = new Set(lane.steps.flatMap((s) => s.tries.map((t) => t.kind)));
	markOuter(lane.steps);
}
