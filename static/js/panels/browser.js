// The left panel: Add or Outline.

import { html, render } from "lit";
import { _ } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { createOutline } from "./outline.js";
import { createPalette } from "./palette.js";

/** {show(state) for the outline, draw() for the palette, focusSearch()}. */
export function createBrowser(element, { mayEdit, palette, outline }) {
  let side = mayEdit ? "add" : "outline";
  const head = document.createElement("div");
  head.className = "browser__head";
  const [add, tree] = [document.createElement("div"), document.createElement("div")];
  add.className = tree.className = "browser__body";
  element.append(head, add, tree);

  function draw() {
    const tab = (id, symbol, label) => html`<button type="button" aria-pressed=${side === id}
      @click=${() => { side = id; draw(); }}>${icon(symbol)}${label}</button>`;
    render(html`<div class="segments segments--wide">${mayEdit ? tab("add", "plus", _("Add")) : ""}${tab("outline", "list-tree", _("Outline"))}</div>`, head);
    add.hidden = side !== "add";
    tree.hidden = side !== "outline";
  }

  draw();
  const additions = mayEdit ? createPalette(add, palette) : null;
  const outlined = createOutline(tree, outline);
  return {
    show: (state) => outlined.show(state),
    draw: () => additions?.draw(),
    focusSearch() { if (mayEdit) { side = "add"; draw(); additions.focusSearch(); } },
  };
}
