// The keys of the editor.

import { on, typing } from "../lib/dom.js";
import { entries } from "./palette.js";

const ZOOM = { "+": 1.25, "=": 1.25, "-": 0.8 };

/** `act` holds what the keys do; see pages/editor.js. Returns a function that stops listening. */
export function listenToKeys(act) {
  return on(document, "keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const command = event.ctrlKey || event.metaKey;
    if (event.key === "F6") { event.preventDefault(); cycle(act.regions, event.shiftKey); return; }
    if (command ? commandKey(event, act) : plainKey(event, act)) event.preventDefault();
  });
}

function commandKey(event, act) {
  const key = event.key.toLowerCase();
  if (key === "s") { act.save(); return true; }
  if (key === "enter") { act.run(); return true; }
  if (key === "k") { act.palette(); return true; }
  if (typing(event)) return false;
  if (key === "a") { act.selectAll(); return true; }
  if (key === "z") { if (event.shiftKey) act.code.redo(); else act.code.undo(); return true; }
  if (key === "y") { act.code.redo(); return true; }
  if (key === "d" && act.selected().length && !act.readOnly) { act.duplicate(); return true; }
  return false;
}

function plainKey(event, act) {
  if (typing(event)) return false;
  const { key } = event;
  if (event.altKey) return !act.readOnly && altKey(key, act);
  if (key === "/") { act.search(); return true; }
  if (key === "?") { act.keys(); return true; }
  if (key in ZOOM) { act.canvas.zoomBy(ZOOM[key]); return true; }
  if (key === "0") { act.canvas.fit(); return true; }
  if (key === "1") { act.canvas.viewport.zoomTo(1); return true; }
  if (key.toLowerCase() === "x" && !event.shiftKey && act.selected().length === 1) { act.fold(); return true; }
  if (key === "Escape" && act.selected().length) { act.select(null); return true; }
  return act.readOnly ? false : editingKey(event, act);
}

function altKey(key, act) {
  const direction = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (direction) act.shift(direction);
  return Boolean(direction);
}

/** Copying, cutting and pasting of states by the browser's own events, which need nobody's leave. */
export function listenToClipboard({ act, readOnly, any }) {
  const ours = (event) => !typing(event) && !document.querySelector("dialog[open]") && document.getSelection().isCollapsed;
  const take = (event) => {
    if (!ours(event) || !any()) return false;
    event.clipboardData.setData("text/plain", act.text());
    event.preventDefault();
    return true;
  };
  on(document, "copy", take);
  on(document, "cut", (event) => { if (!readOnly && take(event)) act.remove(); });
  on(document, "paste", (event) => {
    if (readOnly || typing(event) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    act.insertText(event.clipboardData.getData("text"));
  });
}

function editingKey(event, act) {
  const chosen = act.selected();
  if ((event.key === "Delete" || event.key === "Backspace") && chosen.length) { act.remove(chosen); return true; }
  if (event.key === "F2" && chosen.length === 1) { act.rename(); return true; }
  if (event.shiftKey || event.key.length !== 1) return false;
  if (event.key.toLowerCase() === "r") { act.test(); return true; }
  const { flow, actions } = entries([]);
  const entry = [...flow, ...actions].find((one) => one.key === event.key.toUpperCase());
  if (entry) act.add(entry);
  return Boolean(entry);
}

/** F6 goes round the regions that can be seen, Shift the other way. */
function cycle(selectors, backwards) {
  const regions = selectors.map((selector) => document.querySelector(selector)).filter((region) => region.offsetParent !== null);
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(here + (backwards ? -1 : 1) + regions.length) % regions.length];
  (next.querySelector('[tabindex="0"], .cm-content, input, button, select, textarea') ?? next).focus();
}
