
// --- logs -----------------------------------------------------------------------

// The colours of a terminal (SGR) are shown; ESC [ K changes nothing in a log
// and is left out; whatever else is no text is made visible.
const TOKEN = new RegExp("\\x1b\\[([0-9;:]*)m|\\x1b\\[0?K|[\\0-\\x08\\x0b-\\x1f\\x7f-\\x9f" +
	"\\u202a-\\u202e\\u2066-\\u2069\\u{dc80}-\\u{dcff}]", "gu");

function cubeColour(n) {
	if (n < 16)
		return "var(--a" + n + ")";
	if (n > 231)
		return "rgb(" + Array(3).fill(8 + (n - 232) * 10).join() + ")";
	const level = (v) => v === 0 ? 0 : 55 + v * 40;
	n -= 16;
	return "rgb(" + [Math.floor(n / 36), Math.floor(n / 6) % 6, n % 6].map(level).join() + ")";
}

// 38;5;N, 38;2;R;G;B and 38:2::R:G:B: the colour, and how many words it took
function longColour(words, i) {
	const flat = words[i].split(":");
	if (flat.length > 1) {
		const n = flat.slice(flat[1] === "2" && flat.length > 5 ? 3 : 2).map(Number);
		return [flat[1] === "5" ? cubeColour(n[0] & 255) : "rgb(" + n.slice(0, 3).map((v) => v & 255).join() + ")", 0];
	}
	if (words[i + 1] === "5")
		return [cubeColour(Number(words[i + 2]) & 255), 2];
	if (words[i + 1] === "2")
		return ["rgb(" + words.slice(i + 2, i + 5).map((v) => Number(v) & 255).join() + ")", 4];
	return ["", 0];
}

const SGR_ON = { 1: "bold", 2: "dim", 3: "italic", 4: "under", 9: "strike", 7: "inverse" };
const SGR_OFF = { 22: ["bold", "dim"], 23: ["italic"], 24: ["under"], 27: ["inverse"], 29: ["strike"],
	39: ["fg"], 49: ["bg"] };

function setStyle(style, code) {
	const words = code.split(";");
	for (let i = 0; i < words.length; i++) {
		const n = parseInt(words[i], 10) || 0;
		if (n === 0)
			for (const key of Object.keys(style))
				delete style[key];
		else if (SGR_ON[n])
			style[SGR_ON[n]] = true;
		else if (SGR_OFF[n])
			for (const key of SGR_OFF[n])
				delete style[key];
		else if (n >= 30 && n <= 37 || n >= 90 && n <= 97)
			style.fg = cubeColour(n >= 90 ? n - 82 : n - 30);
		else if (n >= 40 && n <= 47 || n >= 100 && n <= 107)
			style.bg = cubeColour(n >= 100 ? n - 92 : n - 40);
		else if (n === 38 || n === 48) {
			const [colour, took] = longColour(words, i);
			style[n === 38 ? "fg" : "bg"] = colour;
			i += took;
		}
	}
}

function styled(text, style) {
	const keys = Object.keys(style);
	if (keys.length === 0)
		return document.createTextNode(text);
	const span = el("span", { class: keys.filter((k) => k !== "fg" && k !== "bg" && k !== "inverse").map((k) => "s-" + k).join(" ") }, text);
	const fg = style.fg || "", bg = style.bg || "";
	span.style.color = style.inverse ? bg || "var(--sunk)" : fg;
	span.style.backgroundColor = style.inverse ? fg || "var(--text)" : bg;
	return span;
}

// a progress bar has written over its line many times: its last state counts
function lastState(line) {
	const text = line.replace(/\r+$/, "");
	const at = text.lastIndexOf("\r");
	return at < 0 ? text : text.slice(at + 1);
}

function logNodes(text) {
	const out = document.createDocumentFragment(), style = {};
	if (text.includes("\r"))
		text = text.split("\n").map(lastState).join("\n");
	let at = 0;
	for (const m of text.matchAll(TOKEN)) {
		if (m.index > at)
			out.append(styled(text.slice(at, m.index), style));
		at = m.index + m[0].length;
		if (m[1] !== undefined)
			setStyle(style, m[1]);
		else if (m[0].length === 1)
			out.append(el("span", { class: "x" }, shown(m[0])));
	}
	if (at < text.length)
		out.append(styled(text.slice(at), style));
	return out;
}

// what the page holds of a lane's log: { from, text } or { error }, or null
function logOf(lane) {
	const e = lane.kept ? null : byId("log-" + lane.id);
	if (e)
		lane.kept = JSON.parse(e.textContent);
	return lane.kept || null;
}

// the text between two offsets in bytes; offsets that fall into a character
// are moved behind it
function slice(text, from, to) {
	let at = 0, i = 0, start = -1;
	for (; i < text.length; i++) {
		if (start < 0 && at >= from)
			start = i;
		if (at >= to)
			break;
		const c = text.codePointAt(i);
		if (c > 0xffff)
			i++;
		at += c < 0x80 || c >= 0xdc80 && c <= 0xdcff ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	}
	return start < 0 ? "" : text.slice(start, i);
}

const logPath = (lane) => el("code", {}, visible(run.dir + "/" + lane.log[2]));

// a part of a lane's log, with what is missing of it told
function logPart(lane, from, to) {
	const kept = logOf(lane), out = [];
	if (!kept || kept.error || to <= kept.from)
		return el("p", { class: "cut" }, kept && kept.error ? "The log could not be read: " + kept.error + ": " :
			bytes(to - from) + " that are not in this page: ", logPath(lane));
	if (from < kept.from)
		out.push(el("p", { class: "cut" }, "The first " + bytes(kept.from - from) + " are not in this page: ", logPath(lane)));
	const text = slice(kept.text, Math.max(0, from - kept.from), to - kept.from);
	out.push(el("pre", { class: "log", tabindex: "0" }, logNodes(text.replace(/\n$/, ""))));
	return out;
}
