// A piece of data of a run: title, size, copy button, and the JSON as a tree.

import { html, nothing } from "lit";
import { copy } from "../lib/clipboard.js";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { size } from "../lib/moments.js";
import { toast } from "../lib/toasts.js";
import { jsonView } from "./json-view.js";

const KEPT = 60; // trees kept, so that a redraw does not fold what was unfolded
const trees = new Map();

function treeOf(key, text, title) {
  const id = `${key}\u0000${text.length}\u0000${text.slice(0, 200)}`;
  const known = trees.get(id);
  if (known?.text === text) return known.tree;
  const tree = jsonView(text, title);
  trees.set(id, { text, tree });
  if (trees.size > KEPT) trees.delete(trees.keys().next().value);
  return tree;
}

/** `key` names the place, so that the same data in two places are two trees. */
export function dataBox(key, title, text, { tag = nothing, empty = _("none") } = {}) {
  if (text === null || text === undefined) {
    return html`<div class="data data--none"><header><b class="medium">${title}</b>${tag}<span class="push muted small">${empty}</span></header></div>`;
  }
  return html`<div class="data">
    <header><b class="medium">${title}</b>${tag}<span
      class="push muted small">${size(text.length)}</span>${isLarge(text)
      ? html`<button class="button button--quiet button--icon button--small" type="button"
      aria-label=${fill(_("Search: %(what)s"), { what: title })} title=${_("Open with search and paths")}
        @click=${() => open(title, text)}>${icon("maximize")}</button>`
        : nothing}${copyButton(() => pretty(text), title)}</header>
    <div class="box data__box" tabindex="0" role="group" aria-label=${title}>${treeOf(key, text, title)}</div></div>`;
}

const SEARCHED = 300; // characters from which searching is worth a dialog

const isLarge = (text) => text.length > SEARCHED && /^\s*[{[]/.test(text);

async function open(title, text) {
  const { openJson } = await import("./json-panel.js");
  try {
    openJson(title, text);
  } catch { // cut in the middle: it cannot be a tree
    toast(_("This is only the beginning of the data, which cannot be searched."));
  }
}

/** A button that copies what `read()` gives. */
export function copyButton(read, what) {
  const label = fill(_("Copy: %(what)s"), { what });
  return html`<button class="button button--quiet button--icon button--small" type="button" aria-label=${label} title=${label}
    @click=${async () => toast(await copy(await read()) ? _("Copied.") : _("The browser did not let this page copy."))}>${icon("copy")}</button>`;
}

/** JSON text with line breaks; other text as it is. */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Error and cause as a note; a cause that is JSON, as functions give, shows its message and, folded, the rest. */
export function failureNote(error, cause, status = "failed") {
  if (!error && !cause) return nothing;
  const inner = messageOf(cause);
  return html`<div class="note note--bad failure">${icon(status === "timedout" ? "timer" : "circle-x")}<div class="grow">
    ${error ? html`<div class="mono medium failure__error">${error}</div>` : nothing}
    ${cause ? html`<div class="prose failure__cause">${inner ?? cause}</div>` : nothing}
    ${inner ? html`<details class="small"><summary>${_("The whole cause")}</summary><pre class="log" tabindex="0">${pretty(cause)}</pre></details>` : nothing}
    </div>${copyButton(() => [error, cause].filter(Boolean).join("\n"), _("Error and cause"))}</div>`;
}

function messageOf(cause) {
  try {
    const value = JSON.parse(cause);
    return typeof value?.errorMessage === "string" ? value.errorMessage : null;
  } catch {
    return null;
  }
}
