// JSON as a tree that opens lazily: what is folded has not been built, so 256 KiB stay smooth.

import { _, fill, plural } from "../lib/i18n.js";

const OPEN_DEPTH = 2; // levels that are open at first
const OPEN_ENTRIES = 30; // a larger object or array starts folded, below the first level
const CHUNK = 100; // entries built at a time
const LONG = 2_000; // characters of a string shown at first

/** An element that shows JSON text; text that is no JSON is shown as it is. */
export function jsonView(text, name = "") {
  const root = document.createElement("div");
  root.className = "json-tree";
  if (name) root.setAttribute("aria-label", name);
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    root.append(longText(text, "json-plain"));
    return root;
  }
  root.append(entry(null, value, 0, true));
  return root;
}

function entry(key, value, depth, last) {
  if (value === null || typeof value !== "object") return scalar(key, value, last);
  const entries = Array.isArray(value) ? value : Object.entries(value);
  return entries.length === 0 ? empty(key, value, last) : branch(key, value, entries, depth, last);
}

function scalar(key, value, last) {
  const line = lineOf(key);
  if (typeof value === "string" && value.length > LONG) line.append(longText(JSON.stringify(value), "json-string"));
  else line.append(span(classOf(value), JSON.stringify(value)));
  if (!last) line.append(",");
  return line;
}

function empty(key, value, last) {
  const line = lineOf(key);
  line.append(Array.isArray(value) ? "[]" : "{}", last ? "" : ",");
  return line;
}

function branch(key, value, entries, depth, last) {
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  const fold = span("json-fold", countWord(value, entries.length));
  summary.append(...keyOf(key), open, fold, span("json-folded", `${close}${last ? "" : ","}`));
  const inside = document.createElement("div");
  inside.className = "json-inside";
  details.append(summary, inside, lineWith(`${close}${last ? "" : ","}`));
  const build = () => inside.childElementCount || more(inside, value, entries, depth, 0);
  details.addEventListener("toggle", () => details.open && build());
  if (depth < OPEN_DEPTH && (depth === 0 || entries.length <= OPEN_ENTRIES)) {
    build();
    details.open = true;
  }
  return details;
}

function more(inside, value, entries, depth, from) {
  const to = Math.min(from + CHUNK, entries.length);
  for (let at = from; at < to; at += 1) {
    const [key, item] = Array.isArray(value) ? [null, entries[at]] : entries[at];
    inside.append(entry(key, item, depth + 1, at === entries.length - 1));
  }
  if (to === entries.length) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link json-more";
  button.textContent = fill(_("Show %(count)s more"), { count: entries.length - to });
  button.addEventListener("click", () => {
    button.remove();
    more(inside, value, entries, depth, to);
  });
  inside.append(button);
}

function longText(text, className) {
  const holder = span(className, text.slice(0, LONG));
  if (text.length <= LONG) return holder;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link json-more";
  button.textContent = fill(_("… show all %(count)s characters"), { count: text.length });
  button.addEventListener("click", () => {
    holder.textContent = text;
  });
  holder.append(button);
  return holder;
}

function countWord(value, count) {
  return Array.isArray(value) ? plural("%(count)s item", "%(count)s items", count) : plural("%(count)s field", "%(count)s fields", count);
}

function classOf(value) {
  return { string: "json-string", number: "json-number" }[typeof value] ?? "json-word";
}

function keyOf(key) {
  return key === null ? [] : [span("json-key", JSON.stringify(key)), ": "];
}

function lineOf(key) {
  const line = document.createElement("div");
  line.className = "json-line";
  line.append(...keyOf(key));
  return line;
}

function lineWith(text) {
  const line = document.createElement("div");
  line.className = "json-line json-close";
  line.append(text);
  return line;
}

function span(className, text) {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}
