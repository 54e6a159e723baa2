
// --- the timeline -----------------------------------------------------------------
//
// A canvas that stays where it is within a box that scrolls: moving about is
// the browser's own scrolling, by wheel, finger, keys or bar; only what can
// be seen is drawn.  Rows are the lanes of the table, in its order.

const KINDS_DRAWN = ["ok", "skip", "cancel", "open", "retry", "bad"];	// the last one on top
const COARSE = matchMedia("(pointer: coarse)").matches;
const RULER = 22, LABELLED = 11, LOW = 4, DRAWN_MAX = 4e6;
const NICE = [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600,
	900, 1800, 3600, 7200, 14400, 28800, 43200, 86400, 172800, 432000, 864000, 8640000];

const timeline = {
	zoom: 1, row: 20, base: 20, labels: 0, plot: 1, width: 1, height: 1,
	colour: {}, fill: {}, pending: false, chosen: null,

	// --- measures

	start() {
		this.box = byId("scroller");
		this.canvas = byId("canvas");
		this.pen = this.canvas.getContext("2d");
		this.readColours();
		this.box.addEventListener("scroll", () => { hideTip(); this.ask(); }, { passive: true });
		new ResizeObserver(() => this.layout()).observe(this.box);
		filter.changed.push(() => this.refresh());
		startZoom();
		startPointer();
	},
	refresh() {
		const n = filter.list.length;
		byId("time").hidden = lanes.length === 0;
		const room = this.most() - RULER;
		// few have names; many are seen as a whole
		this.base = n <= 3 ? 30 : n <= 120 ? (COARSE ? 25 : 20) : Math.min(20, room / n);
		this.row = this.base;
		this.layout();
	},
	most: () => Math.min(innerHeight * 0.64, 560) - 2,
	layout() {
		const n = filter.list.length, e = byId("extent");
		this.pen.font = "12px system-ui, sans-serif";
		this.width = this.box.clientWidth;
		this.labels = this.row < LABELLED ? 16 : this.labelWidth();
		this.plot = Math.max(50, this.width - this.labels - 18);
		e.style.width = this.labels + this.plot * this.zoom + 18 + "px";
		e.style.height = RULER + n * this.row + 4 + "px";
		this.height = Math.min(this.box.clientHeight, Math.ceil(RULER + n * this.row + 4));
		const dots = devicePixelRatio || 1;
		this.canvas.width = Math.round(this.width * dots);
		this.canvas.height = Math.round(this.height * dots);
		this.canvas.style.width = this.width + "px";
		this.canvas.style.height = this.height + "px";
		this.pen.setTransform(dots, 0, 0, dots, 0, 0);
		this.draw();
	},
	label: (lane) => lane.parent && filter.sort === "order" ? "\u21b3 " + lane.below : lane.name,
	labelWidth() {
		let most = 40;
		for (const lane of filter.list.slice(0, 400))
			most = Math.max(most, this.pen.measureText(this.label(lane)).width);
		return Math.min(most + 28, this.width * 0.3, 240);
	},
	x(at) { return this.labels + at / axis.length * this.plot * this.zoom - this.box.scrollLeft; },
	at(x) { return (x - this.labels + this.box.scrollLeft) / (this.plot * this.zoom) * axis.length; },
	y(i) { return RULER + i * this.row - this.box.scrollTop; },
	rowAt(y) { return Math.floor((y - RULER + this.box.scrollTop) / this.row); },

	// --- colours, and patterns for those who do not see them

	readColours() {
		const style = getComputedStyle(document.documentElement);
		for (const name of ["ok", "bad", "rescued", "retry", "cancel", "skip", "open", "text", "soft", "line", "card", "sunk", "mark", "focus"])
			this.colour[name] = style.getPropertyValue("--" + name).trim();
		for (const kind of KINDS_DRAWN)
			this.fill[kind] = this.pattern(kind);
	},
	pattern(kind) {
		const tile = el("canvas", { width: 8, height: 8 }), c = tile.getContext("2d");
		c.fillStyle = c.strokeStyle = this.colour[kind];
		if (kind === "ok")
			return this.colour.ok;
		if (kind !== "skip")
			c.fillRect(0, 0, 8, 8);
		c.strokeStyle = kind === "skip" ? this.colour.skip : this.colour.card;
		c.lineWidth = kind === "bad" ? 2 : 1.5;
		c.beginPath();
		if (kind === "bad") {
			for (const d of [-8, 0, 8]) { c.moveTo(d - 1, 9); c.lineTo(d + 9, -1); }
		} else if (kind === "retry") {
			for (const d of [-8, 0, 8]) { c.moveTo(d - 1, -1); c.lineTo(d + 9, 9); }
		} else if (kind === "cancel") {
			c.moveTo(0, 4); c.lineTo(8, 4);
		} else if (kind === "skip") {
			c.moveTo(4, 0); c.lineTo(4, 8);
		} else {
			c.moveTo(2, 0); c.lineTo(2, 8);
		}
		c.stroke();
		return this.pen.createPattern(tile, "repeat");
	},

	// --- drawing

	ask() {
		if (!this.pending) {
			this.pending = true;
			requestAnimationFrame(() => { this.pending = false; this.draw(); });
		}
	},
	draw() {
		const pen = this.pen, n = filter.list.length;
		const first = Math.max(0, this.rowAt(RULER)), last = Math.min(n, this.rowAt(this.height) + 1);
		pen.fillStyle = this.colour.card;
		pen.fillRect(0, 0, this.width, this.height);
		this.drawRows(first, last);
		pen.save();
		pen.beginPath();
		pen.rect(this.labels, RULER, this.width - this.labels, this.height - RULER);
		pen.clip();
		this.drawTicks(false);
		for (const kind of KINDS_DRAWN)
			this.drawTries(first, last, kind);
		if (this.row >= LABELLED)
			this.drawWords(first, last);
		this.drawBreaks();
		pen.restore();
		this.drawLabels(first, last);
		this.drawRuler();
	},
	// bands, the lane that is looked at, and the span of each lane
	drawRows(first, last) {
		const pen = this.pen;
		for (let i = first; i < last; i++) {
			const lane = filter.list[i], y = this.y(i);
			if (lane.id === panel.id) {
				pen.fillStyle = this.colour.mark;
				pen.fillRect(0, y, this.width, Math.max(2, this.row));
			}
			if (this.row < 3)
				continue;
			const a = Math.max(this.labels, this.x(lane.x0)), b = this.x(lane.x1);
			pen.fillStyle = this.colour.line;
			if (b > a)
				pen.fillRect(a, y + this.row / 2 - .5, b - a, 1);
		}
	},
	// where rows are lower than they could be told apart by eye, what went
	// well is one span for each lane
	drawSpans(first, last) {
		const pen = this.pen, scale = this.plot * this.zoom / axis.length, off = this.labels - this.box.scrollLeft;
		pen.fillStyle = this.colour.ok;
		for (let i = first; i < last; i++) {
			const lane = filter.list[i], a = Math.max(off + lane.x0 * scale, this.labels);
			const b = Math.min(off + lane.x1 * scale, this.width);
			if (b >= this.labels && a < this.width && lane.steps.length > 0)
				pen.fillRect(a, this.y(i), Math.max(1, b - a), Math.max(this.row, 1));
		}
	},
	drawTries(first, last, kind) {
		const low = this.row < LOW;
		if (low && kind === "ok")
			return this.drawSpans(first, last);
		const pen = this.pen, high = this.row >= 8 ? this.row - (this.row >= 14 ? 5 : 2) : Math.max(this.row, kind === "bad" ? 2 : 1);
		const top = (this.row - Math.min(high, this.row)) / 2, left = this.labels, right = this.width;
		const scale = this.plot * this.zoom / axis.length, off = this.labels - this.box.scrollLeft;
		pen.fillStyle = this.row >= 7 ? this.fill[kind] : this.colour[kind];
		pen.strokeStyle = this.colour[kind];
		for (let i = first; i < last; i++) {
			const lane = filter.list[i], y = this.y(i) + top;
			if (!lane.has.has(kind) || off + lane.x1 * scale < left || off + lane.x0 * scale > right)
				continue;
			for (const step of lane.steps)
				for (const t of step.tries) {
					if (t.kind !== kind)
						continue;
					const a = off + t.x0 * scale, b = Math.max(off + t.x1 * scale, a + 1);
					if (b < left || a > right)
						continue;
					const from = Math.max(a, left - 3), to = Math.min(b, right + 3);
					const h = step.outer && this.row >= 8 ? Math.max(2, high / 5) : high;
					pen.fillRect(from, y, Math.max(1, to - from - (to - from > 3 ? 1 : 0)), h);
					if (kind === "skip" && this.row >= 7 && to - from > 3)
						pen.strokeRect(from + .5, y + .5, to - from - 2, h - 1);
				}
		}
		return undefined;
	},
	// what a step is called, where there is room for it
	drawWords(first, last) {
		const pen = this.pen;
		pen.textBaseline = "middle";
		pen.font = (this.row >= 24 ? 12 : 11) + "px system-ui, sans-serif";
		for (let i = first; i < last; i++) {
			const y = this.y(i) + this.row / 2;
			for (const step of filter.list[i].steps)
				for (const t of step.tries) {
					const a = Math.max(this.x(t.x0), this.labels), b = Math.min(this.x(t.x1), this.width);
					if (b - a < 34 || step.outer || this.row < 14)
						continue;
					const text = (t.number > 1 ? "#" + t.number + " " : "") + step.label;
					const fits = shorten(pen, text, b - a - 10);
					if (!fits)
						continue;
					if (t.kind !== "ok") {
						pen.fillStyle = this.colour[t.kind === "skip" ? "card" : t.kind];
						pen.fillRect(a + 2, y - 7, pen.measureText(fits).width + 6, 14);
					}
					pen.fillStyle = t.kind === "skip" ? this.colour.soft : this.colour.card;
					pen.fillText(fits, a + 5, y + .5);
				}
		}
	},
	drawLabels(first, last) {
		const pen = this.pen, named = this.row >= LABELLED;
		pen.fillStyle = this.colour.card;
		pen.fillRect(0, RULER, this.labels - 1, this.height - RULER);
		pen.fillStyle = this.colour.line;
		pen.fillRect(this.labels - 1, RULER, 1, this.height - RULER);
		if (!named)
			return this.drawMarks(first, last);
		pen.textBaseline = "middle";
		pen.font = "12px system-ui, sans-serif";
		for (let i = first; i < last; i++) {
			const lane = filter.list[i], y = this.y(i) + this.row / 2;
			const colour = this.colour[DRAWN_AS[lane.verdict]];
			if (lane.id === panel.id) {
				pen.fillStyle = this.colour.mark;
				pen.fillRect(0, this.y(i), this.labels - 1, this.row);
			}
			pen.fillStyle = colour;
			pen.fillText(SIGNS[lane.verdict], 5, y + .5);
			pen.fillStyle = this.colour.text;
			pen.fillText(shorten(pen, this.label(lane), this.labels - 26), 21, y + .5);
		}
	},
	// too low for signs: the length of a mark is the part of the lanes at
	// this height that did not end well
	drawMarks(first, last) {
		const pen = this.pen, all = new Map();
		for (let i = first; i < last; i++) {
			const y = this.row < 2 ? Math.floor(this.y(i) / 2) * 2 : this.y(i), verdict = filter.list[i].verdict;
			const at = all.get(y) || all.set(y, { n: 0, bad: 0, worst: "ok" }).get(y);
			at.n++;
			at.bad += verdict === "ok" ? 0 : 1;
			if (BAD_FIRST[verdict] < BAD_FIRST[at.worst])
				at.worst = verdict;
		}
		for (const [y, at] of all) {
			const long = at.bad && 2 + Math.round((this.labels - 4) * at.bad / at.n);
			pen.fillStyle = this.colour[DRAWN_AS[at.worst]];
			pen.fillRect(this.labels - 1 - long, y, long, this.row < 2 ? 2 : this.row - 1);
		}
	},
	// hours that are not drawn: between two sessions
	drawBreaks() {
		const pen = this.pen;
		for (const s of axis.spans.slice(1)) {
			const a = this.x(s.x - s.hidden), b = this.x(s.x);
			pen.fillStyle = this.colour.sunk;
			pen.fillRect(a, 0, Math.max(1, b - a), this.height);
			pen.fillStyle = this.colour.focus;
			pen.fillRect(b - 1, 0, 1, this.height);
		}
	},
	stepOfTicks() {
		const second = this.plot * this.zoom / axis.length;
		return NICE.find((s) => s * second >= 76) || NICE[NICE.length - 1];
	},
	drawTicks(words) {
		const pen = this.pen, step = this.stepOfTicks();
		pen.textBaseline = "middle";
		pen.font = "11px system-ui, sans-serif";
		for (const s of axis.spans) {
			const a = Math.max(s.x, this.at(this.labels)), b = Math.min(s.x + s.to - s.from, this.at(this.width));
			// counted from the begin of the session
			for (let k = Math.max(0, Math.ceil((a - s.x) / step - 1e-9)); k * step + s.x <= b + 1e-9; k++) {
				const x = Math.round(this.x(k * step + s.x));
				pen.fillStyle = this.colour[words ? "soft" : "sunk"];
				if (words)
					pen.fillText((s.x > 0 ? "+" : "") + tickWord(k * step, step), x + 4, RULER / 2 + 1);
				pen.fillRect(x, words ? 4 : 0, 1, words ? RULER - 4 : this.height);
			}
		}
	},
	drawRuler() {
		const pen = this.pen;
		pen.fillStyle = this.colour.sunk;
		pen.fillRect(0, 0, this.width, RULER);
		pen.save();
		pen.beginPath();
		pen.rect(this.labels, 0, this.width - this.labels, RULER);
		pen.clip();
		this.drawTicks(true);
		for (const s of axis.spans.slice(1)) {
			pen.fillStyle = this.colour.sunk;
			const x = this.x(s.x), word = "resumed " + duration(s.gap) + " later";
			pen.fillRect(x, 0, pen.measureText(word).width + 12, RULER);
			pen.fillStyle = this.colour.focus;
			pen.fillRect(x - 1, 0, 2, RULER);
			pen.fillText(word, x + 5, RULER / 2 + 1);
		}
		if (this.chosen) {
			pen.fillStyle = this.colour.focus;
			pen.globalAlpha = .35;
			pen.fillRect(Math.min(...this.chosen), 0, Math.abs(this.chosen[1] - this.chosen[0]), RULER);
		}
		pen.restore();
		if (this.chosen) {
			pen.fillStyle = this.colour.focus;
			pen.fillRect(this.chosen[0], 0, 1, this.height);
			pen.fillRect(this.chosen[1], 0, 1, this.height);
		}
	},

	// --- what stands at a place

	hit(x, y) {
		const at = this.rowAt(y);
		if (y < RULER || at < 0 || at >= filter.list.length)
			return null;
		// where many lanes share a dot, the one that failed is meant
		const near = this.row < 3 ? Math.ceil(2 / this.row) : 0;
		let lane = filter.list[at];
		for (let d = 0; d <= near && lane.verdict === "ok"; d++)
			for (const l of [filter.list[at - d], filter.list[at + d]])
				if (l && l.verdict === "failed")
					lane = l;
		return Object.assign({ lane }, x < this.labels ? null : this.tryAt(lane, x));
	},
	tryAt(lane, x) {
		let best = null, least = 4;
		lane.steps.forEach((step, index) => {
			for (const t of step.tries) {
				const a = this.x(t.x0), b = this.x(t.x1);
				const off = x < a ? a - x : x > b ? x - b : step.outer ? 0.5 : 0;
				if (off < least) {
					least = off;
					best = { step, index, try: t };
				}
			}
		});
		return best;
	},

	// --- zoom: x and y stay where they are

	setZoom(zoom, x) {
		const at = this.at(x), most = DRAWN_MAX / this.plot;
		this.zoom = Math.max(1, Math.min(zoom, most, Math.max(1, axis.length / 1e-4)));
		this.layout();
		this.box.scrollLeft = at / axis.length * this.plot * this.zoom - (x - this.labels);
		this.ask();
	},
	setRow(row, y) {
		const at = (y - RULER + this.box.scrollTop) / this.row;
		const least = Math.min(this.base, (this.most() - RULER) / Math.max(1, filter.list.length));
		this.row = Math.max(Math.min(least, 20), Math.min(row, 36));
		this.layout();
		this.box.scrollTop = at * this.row - (y - RULER);
		this.ask();
	},
	// a span of time; of rows too low to be read, those that are in it
	show(from, to) {
		const inside = filter.list.map((l, i) => l.x1 >= from && l.x0 <= to ? i : -1).filter((i) => i >= 0);
		const first = inside[0], n = inside[inside.length - 1] - first + 1;
		if (this.row < LABELLED && n > 0)
			this.row = Math.max(this.row, Math.min((this.most() - RULER) / n, 20));
		this.zoom = Math.max(1, Math.min(axis.length / Math.max(to - from, 1e-4), DRAWN_MAX / this.plot));
		this.layout();
		this.box.scrollLeft = from / axis.length * this.plot * this.zoom;
		if (n > 0 && (this.y(first) < RULER || this.y(first + n) > this.height))
			this.box.scrollTop = first * this.row;
		this.ask();
	},
	fit() {
		this.zoom = 1;
		this.row = this.base;
		this.layout();
		this.box.scrollTo(0, 0);
	},
};

const DRAWN_AS = { ok: "ok", rescued: "rescued", failed: "bad", cancelled: "cancel", open: "open" };

function tickWord(t, step) {
	if (step < 1)
		return t.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9))) + "s";
	return t < 60 ? Math.round(t) + "s" : duration(Math.round(t));
}

function shorten(pen, text, width) {
	if (pen.measureText(text).width <= width)
		return text;
	let n = Math.floor(text.length * width / pen.measureText(text).width) + 1;
	while (n > 1 && pen.measureText(text.slice(0, n) + "\u2026").width > width)
		n--;
	return n > 1 ? text.slice(0, n) + "\u2026" : "";
}

function drawLegend() {
	const word = { ok: "ok", bad: "failed", retry: "failed, tried again", cancel: "cancelled", skip: "skipped", open: OPEN_WORD };
	const present = new Set();
	for (const lane of lanes)
		for (const step of lane.steps)
			for (const t of step.tries)
				present.add(t.kind);
	const legend = clear(byId("legend"));
	for (const kind of KINDS_DRAWN.filter((k) => present.has(k))) {
		const sample = el("canvas", { width: 52, height: 24 }), pen = sample.getContext("2d");
		pen.scale(2, 2);
		pen.fillStyle = timeline.fill[kind];
		pen.fillRect(0, 0, 26, 12);
		if (kind === "skip") {
			pen.strokeStyle = timeline.colour.skip;
			pen.strokeRect(.5, .5, 25, 11);
		}
		put(legend, el("span", {}, sample, word[kind]));
	}
}
