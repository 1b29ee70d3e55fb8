// The bar between code and canvas: drag it, or move it with the arrow keys; double click puts it back.

import { on } from "../lib/dom.js";

const KEY = "statewright:code-width";
const LEAST = 280;

export function makeDivider(divider, panel, onMove) {
  const set = (width) => {
    const value = Math.max(LEAST, Math.min(width, panel.parentElement.clientWidth - LEAST));
    panel.style.setProperty("--code-width", `${value}px`);
    divider.setAttribute("aria-valuenow", Math.round(value));
    localStorage.setItem(KEY, value);
    onMove();
  };
  const kept = Number(localStorage.getItem(KEY));
  divider.setAttribute("aria-valuemin", LEAST);
  divider.setAttribute("aria-valuenow", kept || panel.clientWidth);
  if (kept) panel.style.setProperty("--code-width", `${kept}px`);
  on(divider, "pointerdown", (event) => { divider.setPointerCapture(event.pointerId); event.preventDefault(); });
  on(divider, "pointermove", (event) => { if (divider.hasPointerCapture(event.pointerId)) set(event.clientX - panel.getBoundingClientRect().left); });
  on(divider, "dblclick", () => { panel.style.removeProperty("--code-width"); localStorage.removeItem(KEY); onMove(); });
  on(divider, "keydown", (event) => {
    const step = { ArrowLeft: -24, ArrowRight: 24 }[event.key];
    if (step) { event.preventDefault(); set(panel.clientWidth + step); }
  });
}
