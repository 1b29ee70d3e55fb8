// Ctrl K: one box that finds states, commands and what can be added.

import { html, nothing, render } from "lit";
import { _ } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";

const MOST = 60;

/**
 * Opens the palette. `entries` are [{label, text, icon, look, keys, group, run}]; the one that is chosen runs after the
 * palette has closed. All words must occur; what is named just so comes first, then what begins with them.
 */
export function openPalette(entries) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog palette";
  dialog.setAttribute("aria-label", _("Find a state or a command"));
  let words = "";
  let current = 0;

  function found() {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    const hits = entries.filter((entry) => wanted.every((word) => `${entry.label} ${entry.text ?? ""} ${entry.group}`.toLowerCase().includes(word)));
    const whole = words.trim().toLowerCase();
    const rank = ({ label }) => (label.toLowerCase() === whole ? 0 : label.toLowerCase().startsWith(wanted[0] ?? "") ? 1 : 2);
    return (wanted.length ? hits.toSorted((a, b) => rank(a) - rank(b)) : hits).slice(0, MOST);
  }

  const choose = (entry) => { dialog.close(); entry?.run(); };
  function key(event, list) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); current = (current + step + list.length) % Math.max(1, list.length); draw(); }
    if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); if (list[current]) choose(list[current]); }
  }

  function draw() {
    const list = found();
    current = Math.min(current, Math.max(0, list.length - 1));
    render(html`<div class="palette__search">${icon("search")}<input type="text" role="combobox" aria-expanded="true"
      aria-controls="palette-list" aria-autocomplete="list"
        aria-activedescendant=${list.length ? `palette-${current}` : nothing}
          aria-label=${_("Find a state or a command")} placeholder=${_("Find a state or a command")}
          autocomplete="off" autofocus
        @input=${(event) => { words = event.target.value; current = 0; draw(); }} @keydown=${(event) => key(event, list)}><kbd>Esc</kbd></div>
      <ul class="palette__list" id="palette-list" role="listbox" aria-label=${_("Find a state or a command")}>${list.map((entry, index) => html`
        <li class="palette__entry look--${entry.look ?? ""}" role="option" id="palette-${index}"
          aria-selected=${index === current} @click=${() => choose(entry)}
          @pointermove=${() => { if (current !== index) { current = index; draw(); } }}>
          <span class="browser__tile browser__tile--small">${icon(entry.icon)}</span><span class="truncate"
            lang=${/[぀-ヿ㐀-鿿]/.test(entry.label) ? "ja" : nothing}>${entry.label}</span>
          <span class="push small muted truncate">${entry.text ?? entry.group}</span>${entry.keys
            ? html`<span class="palette__keys">${entry.keys.split(" ").map((part) => html`<kbd>${part}</kbd>`)}</span>`
            : nothing}</li>`)}</ul>
      <p class="visually-hidden" role="status">${list.length ? "" : _("Nothing has these words.")}</p>
      ${list.length ? nothing : html`<p class="soft palette__none">${_("Nothing has these words.")}</p>`}`, dialog);
    dialog.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  draw();
  dialog.showModal();
}
