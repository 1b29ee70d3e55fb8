// Paths into the data of the selected state, offered in every field that holds a path, as the browser's own suggestions.

import { html, render } from "lit";
import { on } from "../lib/dom.js";

const LIST = "paths-into-the-data";
const TAKES_PATHS = /path|variable/i;

/**
 * Fields inside `element` that hold paths get suggestions; `paths()` gives {label, detail} each.  Returns what to call
 * when the paths are others.
 */
export function offerPaths(element, paths) {
  const list = document.createElement("datalist");
  list.id = LIST;
  element.after(list);
  const draw = () => render(html`${paths().map(({ label, detail }) => html`<option value=${label}>${detail}</option>`)}`, list);
  on(element, "focusin", ({ target }) => {
    if (target.tagName !== "INPUT" || (target.hasAttribute("list") && target.getAttribute("list") !== LIST)) return;
    if (![target.value, target.placeholder].some((text) => text.startsWith("$")) && !TAKES_PATHS.test(target.id)) return;
    target.setAttribute("list", LIST);
    draw();
  });
  return () => { if (element.querySelector(`[list="${LIST}"]`)) draw(); };
}
