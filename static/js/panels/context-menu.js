// A menu at a point of the window, by mouse or by the menu key; arrows, letters and Esc as in any menu.

import { html, nothing, render } from "lit";
import { icon } from "../lib/icon.js";

let open = null;

/** Opens a menu of `entries` [{icon, label, keys, run, danger, line}] at (x, y); only one is open at a time. */
export function openMenu({ x, y, label, entries }) {
  open?.();
  const menu = document.createElement("div");
  menu.className = "popover menu context-menu";
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", label);
  const before = document.activeElement;
  const control = new AbortController();
  const close = (back = false) => {
    if (open !== close) return;
    open = null;
    control.abort();
    menu.remove();
    if (back) before?.focus({ preventScroll: true });
  };
  open = close;

  render(entries.map((entry, index) => html`${entry.line && index ? html`<hr class="menu__line">` : nothing}
    <button class="menu__item ${entry.danger ? "menu__item--danger" : ""}" type="button" role="menuitem" tabindex="-1"
      @click=${() => { close(true); entry.run(); }}>${icon(entry.icon)}${entry.label}
      ${entry.keys ? html`<span class="push context-menu__keys">${entry.keys}</span>` : nothing}</button>`), menu);
  document.body.append(menu);
  const box = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(4, Math.min(x, innerWidth - box.width - 4))}px`;
  menu.style.top = `${Math.max(4, Math.min(y, innerHeight - box.height - 4))}px`;

  const items = [...menu.querySelectorAll("[role=menuitem]")];
  items[0]?.focus();
  const listen = (target, type, listener) => target.addEventListener(type, listener, { signal: control.signal, capture: true });
  listen(document, "pointerdown", (event) => { if (!menu.contains(event.target)) close(); });
  listen(globalThis, "blur", (event) => { if (event.target === globalThis) close(); });
  listen(globalThis, "resize", () => close());
  listen(document, "wheel", (event) => { if (!menu.contains(event.target)) close(); });
  listen(menu, "keydown", (event) => {
    event.stopPropagation();
    const index = items.indexOf(document.activeElement);
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) { event.preventDefault(); items.at(to % items.length).focus(); return; }
    if (event.key === "Escape" || event.key === "Tab") { event.preventDefault(); close(true); return; }
    if (event.key.length === 1) items.find((item) => item.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
  });
}
