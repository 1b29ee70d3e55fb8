// Zoom out, the zoom now, zoom in, fit: the small bar in the corner of a canvas.

import { html, render } from "lit";
import { _ } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";

/** `canvas` offers zoomBy, fit and viewport. */
export function createControls(element, canvas) {
  const holder = document.createElement("div");
  holder.className = "floating floating--zoom popover";
  element.append(holder);
  let text = "";
  const button = (symbol, title, action) => html`
    <button class="button button--quiet button--icon" type="button" title=${title} aria-label=${title} @click=${action}>${icon(symbol)}</button>`;
  const draw = () => render(html`
    ${button("minus", _("Zoom out (-)"), () => canvas.zoomBy(1 / 1.25))}
    <button class="floating__percent" type="button" title=${_("Actual size (1)")} @click=${() => canvas.viewport.zoomTo(1)}>${text}</button>
    ${button("plus", _("Zoom in (+)"), () => canvas.zoomBy(1.25))}
    ${button("maximize", _("Fit (0)"), () => canvas.fit())}`, holder);
  return {
    show(k) {
      const next = `${Math.round(k * 100)} %`;
      if (next === text) return;
      text = next;
      draw();
    },
  };
}
