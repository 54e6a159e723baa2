"use strict";
// The page of a run.  Names, messages and output come from anywhere: they
// only ever become text nodes, never markup.

// --- making elements -------------------------------------------------------

const byId = (id) => document.getElementById(id);

// el("p", { class: "x", onclick: f }, "text", node, …); null is left out
function el(tag, attributes, ...children) {
	const e = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes || {})) {
		if (value === null || value === undefined || value === false)
			continue;
		if (name.startsWith("on"))
			e.addEventListener(name.slice(2), value);
		else
			e.setAttribute(name, value === true ? "" : value);
	}
	put(e, ...children);
	return e;
}

function put(parent, ...children) {
	for (const c of children.flat(Infinity)) {
		if (c !== null && c !== undefined && c !== false && c !== "")
			parent.append(c);	// a string becomes a text node
	}
	return parent;
}

function clear(e) {
	e.textContent = "";
	return e;
}

// --- text that is safe to look at -------------------------------------------

// Control characters, those that turn the direction of writing, and bytes
// that are no UTF-8 (which came as U+DC00 + byte).
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u{dc80}-\u{dcff}]/gu;

function shown(c) {
	const n = c.codePointAt(0);
	if (n >= 0xdc80 && n <= 0xdcff)
		return "\\x" + (n - 0xdc00).toString(16);
	if (c === "\r")
		return "\\r";
	return n < 0x80 ? "\\x" + n.toString(16).padStart(2, "0") :
		"\\u" + n.toString(16).padStart(4, "0");
}

// a name or a message: \x1b and the like instead of what drives terminals
const visible = (text) => text.replace(UNSEEN, shown);
const oneLine = (text) => visible(text).replace(/\s*\n\s*/g, " \u23ce ").trim();

// --- figures -----------------------------------------------------------------

// 850ms, 3.4s, 2m05s, 1h02m: as pseq shows them
function duration(s) {
	const two = (n) => String(n).padStart(2, "0");
	if (!(s >= 0))
		return "";
	if (s < 0.9995)
		return Math.round(s * 1000) + "ms";
	if (s < 59.95)
		return s.toFixed(1) + "s";
	s = Math.round(s);
	if (s < 3600)
		return Math.floor(s / 60) + "m" + two(s % 60) + "s";
	const m = Math.round(s / 60);
	if (m < 2880)
		return Math.floor(m / 60) + "h" + two(m % 60) + "m";
	return Math.floor(m / 1440) + "d" + two(Math.floor(m % 1440 / 60)) + "h";
}

function bytes(n) {
	for (const unit of ["bytes", "KiB", "MiB", "GiB"]) {
		if (n < 1024 || unit === "GiB")
			return (unit === "bytes" || n >= 100 ? Math.round(n) : n.toFixed(1)) + " " + unit;
		n /= 1024;
	}
}

const number = (n) => n.toLocaleString("en");
const many = (n, what, whats) => number(n) + " " + (n === 1 ? what : whats || what + "s");

const fullTime = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" });
const dayTime = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

// a moment, by the clock of whoever reads the page
function moment(wall, format) {
	const d = new Date(wall * 1000);
	if (isNaN(d) || !(wall > 0))
		return "?";
	return el("time", { datetime: d.toISOString(), title: d.toISOString() },
		(format || fullTime).format(d));
}

// --- results ------------------------------------------------------------------

const SIGNS = {
	ok: "\u2713", rescued: "\u25d0", failed: "\u2717", cancelled: "\u2298", open: "\u2026",
	unstarted: "\u25cb", bad: "\u2717", retry: "\u21bb", skip: "\u2013", cancel: "\u2298",
};

// a sign, a word and a colour; the sign is for the eye only
function result(kind, word) {
	return el("span", { class: "result is-" + kind },
		el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[kind]),
		word === "" ? null : el("span", { class: "word" }, word || kind));
}
