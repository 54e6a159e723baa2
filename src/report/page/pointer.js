
// --- moving about in the timeline ---------------------------------------------------

const place = (e) => {
	const r = timeline.canvas.getBoundingClientRect();
	return [e.clientX - r.left, e.clientY - r.top];
};

function startZoom() {
	const box = timeline.box, middle = () => timeline.labels + timeline.plot / 2;
	const half = () => timeline.height / 2;
	const on = (id, f) => byId(id).addEventListener("click", f);
	on("time-in", () => timeline.setZoom(timeline.zoom * 1.6, middle()));
	on("time-out", () => timeline.setZoom(timeline.zoom / 1.6, middle()));
	on("rows-in", () => timeline.setRow(timeline.row * 1.4, half()));
	on("rows-out", () => timeline.setRow(timeline.row / 1.4, half()));
	on("time-fit", () => timeline.fit());
	// a pinch on a touch pad comes as a wheel with ctrlKey
	box.addEventListener("wheel", (e) => {
		if (!e.ctrlKey && !e.metaKey && !e.altKey)
			return;
		e.preventDefault();
		const factor = Math.exp(-(e.deltaY || e.deltaX) * (e.deltaMode ? 0.06 : 0.003));
		const [x, y] = place(e);
		if (e.altKey)
			timeline.setRow(timeline.row * factor, y);
		else
			timeline.setZoom(timeline.zoom * factor, x);
	}, { passive: false });
	box.addEventListener("keydown", (e) => {
		const keys = {
			"+": () => timeline.setZoom(timeline.zoom * 1.6, middle()), "-": () => timeline.setZoom(timeline.zoom / 1.6, middle()),
			"]": () => timeline.setRow(timeline.row * 1.4, half()), "[": () => timeline.setRow(timeline.row / 1.4, half()),
			"0": () => timeline.fit(),
		};
		keys["="] = keys["+"];
		if (keys[e.key] && !e.ctrlKey && !e.metaKey) {
			e.preventDefault();
			keys[e.key]();
		}
	});
	startPinch(box);
}

// two fingers: sideways for time, upright for rows
function startPinch(box) {
	let pinch = null;
	const spread = (e) => {
		const [a, b] = e.touches;
		return { dx: Math.abs(a.clientX - b.clientX), dy: Math.abs(a.clientY - b.clientY),
			clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 };
	};
	box.addEventListener("touchstart", (e) => {
		if (e.touches.length !== 2)
			return;
		e.preventDefault();
		hideTip();
		pinch = Object.assign(spread(e), { zoom: timeline.zoom, row: timeline.row });
	}, { passive: false });
	box.addEventListener("touchmove", (e) => {
		if (!pinch || e.touches.length !== 2)
			return;
		e.preventDefault();
		const now = spread(e), [x, y] = place(now);
		if (pinch.dx >= pinch.dy)
			timeline.setZoom(pinch.zoom * now.dx / Math.max(20, pinch.dx), x);
		else
			timeline.setRow(pinch.row * now.dy / Math.max(20, pinch.dy), y);
	}, { passive: false });
	box.addEventListener("touchend", (e) => { if (e.touches.length < 2) pinch = null; });
}

function startPointer() {
	const canvas = timeline.canvas, box = timeline.box;
	let drag = null, touched = false;
	canvas.addEventListener("pointerdown", (e) => {
		touched = e.pointerType !== "mouse";
		if (touched || e.button !== 0)
			return;
		const [x, y] = place(e);
		drag = { x, y, left: box.scrollLeft, top: box.scrollTop, ruler: y < RULER && x > timeline.labels, moved: false };
		canvas.setPointerCapture(e.pointerId);
	});
	canvas.addEventListener("pointermove", (e) => {
		const [x, y] = place(e);
		if (!drag) {
			if (e.pointerType === "mouse")
				hover(e, x, y);
			return;
		}
		if (Math.abs(x - drag.x) + Math.abs(y - drag.y) > 4)
			drag.moved = true;
		if (!drag.moved)
			return;
		hideTip();
		if (drag.ruler) {
			timeline.chosen = [drag.x, x];
			timeline.ask();
		} else {
			canvas.classList.add("dragging");
			box.scrollTo(drag.left + drag.x - x, drag.top + drag.y - y);
		}
	});
	const end = (e) => {
		const was = drag, chosen = timeline.chosen;
		drag = timeline.chosen = null;
		canvas.classList.remove("dragging");
		if (!was || e.type === "pointercancel")
			return;
		if (chosen && Math.abs(chosen[1] - chosen[0]) > 4)
			timeline.show(Math.max(0, timeline.at(Math.min(...chosen))), timeline.at(Math.max(...chosen)));
		else if (!was.moved && !was.ruler)
			openHit(timeline.hit(was.x, was.y));
		timeline.ask();
	};
	canvas.addEventListener("pointerup", end);
	canvas.addEventListener("pointercancel", end);
	canvas.addEventListener("pointerleave", () => { if (!drag && !touched) hideTip(); });
	// a finger first sees what is there, then goes to it
	canvas.addEventListener("click", (e) => {
		if (!touched)
			return;
		const hit = timeline.hit(...place(e));
		if (hit)
			showTip(hit, null);
		else
			hideTip();
	});
	addEventListener("keydown", (e) => { if (e.key === "Escape") hideTip(); });
	addEventListener("pointerdown", (e) => { if (!e.target.closest("#tip, #canvas")) hideTip(); });
}

function hover(e, x, y) {
	const hit = timeline.hit(x, y);
	timeline.canvas.classList.toggle("ruler", y < RULER && x > timeline.labels);
	timeline.canvas.classList.toggle("hit", Boolean(hit));
	if (hit)
		showTip(hit, e);
	else
		hideTip();
}

function openHit(hit) {
	hideTip();
	if (hit)
		location.hash = "lane=" + hit.lane.id + (hit.step ? "/" + (hit.index + 1) : "");
}

// --- what is told of the place below the pointer --------------------------------------

function hideTip() {
	byId("tip").hidden = true;
}

function showTip(hit, e) {
	const tip = clear(byId("tip")), lane = hit.lane, t = hit.try;
	put(tip, el("p", {}, result(lane.verdict, ""), " ", el("b", {}, lane.name), lane.verdict === "ok" ? "" : " " + verdictWord(lane)));
	if (t) {
		put(tip, el("p", {}, hit.step.label, hit.step.tries.length > 1 ? ", try " + t.number + " of " + hit.step.tries.length : "", ": ",
			tryResult(t)));
		put(tip, el("p", { class: "soft" }, "at " + duration(t.began) + ", took " + duration(t.seconds)));
		if (t.reaction && t.kind !== "ok")
			put(tip, el("p", { class: "soft" }, "then: " + t.reaction));
		const words = oneLine(t.message || t.tail.trim().split("\n").pop());
		if (words)
			put(tip, el("p", { class: "clip" }, words));
	} else {
		put(tip, el("p", {}, laneWords(lane)));
		put(tip, el("p", { class: "soft" }, "at " + duration(lane.began) + ", took " + duration(lane.seconds) + ", " + many(lane.steps.length, "step")));
	}
	tip.classList.toggle("sheet", !e);
	if (!e)
		put(tip, el("div", { class: "actions" }, el("button", { type: "button", onclick: () => openHit(hit) }, "open lane"),
			el("button", { type: "button", onclick: hideTip }, "close")));
	tip.hidden = false;
	if (!e)
		return;
	const right = innerWidth - tip.offsetWidth - 8, low = innerHeight - tip.offsetHeight - 8;
	tip.style.left = Math.max(4, Math.min(e.clientX + 14, right)) + "px";
	tip.style.top = (e.clientY + 18 > low ? Math.max(4, e.clientY - tip.offsetHeight - 12) : e.clientY + 18) + "px";
}
