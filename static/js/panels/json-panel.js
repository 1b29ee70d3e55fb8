// Large JSON: a tree of which only the rows in sight exist, with search and the path of what is chosen.

import { html, nothing, render } from "lit";
import { copy } from "../lib/clipboard.js";
import { debounce } from "../lib/dom.js";
import { _, fill, plural } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { size } from "../lib/moments.js";
import { toast } from "../lib/toasts.js";
import { JsonRows } from "../model/json-rows.js";
import { virtualRows } from "./virtual-rows.js";

const ROW = 22; // px, as in json-panel.css
const LONG = 400; // characters of a string in its row

/** Opens `text` (JSON) in a dialog under a title. */
export function openJson(title, text) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "dialog dialog--wide json-panel" });
  dialog.setAttribute("aria-label", title);
  document.body.append(dialog);
  const [bar, body, foot] = ["json-panel__bar", "json-panel__rows virtual",
    "json-panel__foot"].map((className) => Object.assign(document.createElement("div"), { className }));
  const tree = new JsonRows(JSON.parse(text));
  let chosen = "$";
  let found = [];
  let at = -1;
  dialog.append(bar, body, foot);
  body.tabIndex = 0;
  body.setAttribute("role", "tree");
  body.setAttribute("aria-label", title);
  const list = virtualRows(body, { height: ROW, row: (index) => line(tree.rows[index], index) });
  const search = debounce((wanted) => {
    found = tree.search(wanted);
    at = -1;
    if (found.length) go(1);
    else draw();
  }, 200);

  function go(move) {
    if (!found.length) return;
    at = (at + move + found.length) % found.length;
    chosen = found[at];
    const index = tree.reveal(chosen);
    draw();
    list.reveal(index);
  }

  function choose(row) {
    chosen = row.path;
    draw();
  }

  function toggle(path) {
    tree.toggle(path);
    draw();
  }

  function onKey(event) {
    const { rows } = tree;
    const index = rows.findIndex((row) => row.path === chosen && row.kind !== "close");
    const row = rows[index];
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + list.page, PageUp: index - list.page, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) {
      chosen = rows[Math.max(0, Math.min(rows.length - 1, to))].path;
      list.reveal(Math.max(0, Math.min(rows.length - 1, to)));
    } else if (row?.kind === "open" && (event.key === "Enter" || (event.key === "ArrowRight" && !row.open) || (event.key === "ArrowLeft" && row.open))) {
      tree.toggle(row.path);
    } else {
      return;
    }
    event.preventDefault();
    draw();
  }

  function line(row, index) {
    const hit = found.includes(row.path);
    return html`<div class="json-row ${hit ? "is-hit" : ""}" role="treeitem" aria-level=${row.depth + 1}
      aria-expanded=${row.kind === "open" ? row.open : nothing}
      aria-selected=${row.path === chosen && row.kind !== "close"}
      data-index=${index} .style=${`padding-inline-start:${12 + row.depth * 14}px`} @click=${() => choose(row)}
        @dblclick=${() => row.kind === "open" && toggle(row.path)}>
      ${row.kind === "open" ? html`<button class="json-row__fold" type="button" tabindex="-1"
        aria-label=${row.open ? _("Fold") : _("Unfold")}
        @click=${(event) => { event.stopPropagation(); toggle(row.path); }}>${icon(row.open ? "chevron-down"
        : "chevron-right", "icon--small")}</button>` : html`<span class="json-row__fold"></span>`}
      ${row.key === null ? nothing
        : html`<span class="json-key">${JSON.stringify(row.key)}</span>: `}${content(row)}${row.last
        || (row.kind === "open" && row.open) ? "" : ","}</div>`;
  }

  function draw() {
    render(html`<h2 class="grow truncate">${title} <span class="muted small">${size(text.length)}</span></h2>
      <label class="input-box">${icon("search")}<span class="visually-hidden">${_("Search in the data")}</span><input
        type="search" placeholder=${_("Key or value")} autofocus
        @input=${({ target }) => search(target.value.trim())}
          @keydown=${(event) => { if (event.key === "Enter") { event.preventDefault(); search.now(); go(event.shiftKey
          ? -1 : 1); } }}></label>
      <span class="small muted nowrap" role="status">${found.length ? fill(_("%(at)s of %(count)s"), { at: at + 1, count: found.length }) : ""}</span>
      <button class="button button--quiet button--icon" type="button" aria-label=${_("Previous match")}
        title=${_("Previous match")} ?disabled=${!found.length} @click=${() => go(-1)}>${icon("chevron-up")}</button>
      <button class="button button--quiet button--icon" type="button" aria-label=${_("Next match")}
        title=${_("Next match")} ?disabled=${!found.length} @click=${() => go(1)}>${icon("chevron-down")}</button>
      <button class="button button--quiet button--icon" type="button" aria-label=${_("Close")} title=${_("Close (Esc)")}
        @click=${() => dialog.close()}>${icon("x")}</button>`, bar);
    list.update(tree.rows.length);
    render(html`<code class="grow truncate" title=${chosen}>${chosen}</code>
      <button class="button button--small" type="button" @click=${() => put(chosen)}>${icon("copy")}${_("Copy path")}</button>
      <button class="button button--small" type="button" @click=${() => put(JSON.stringify(valueAt(), null, 2))}>${icon("copy")}${_("Copy value")}</button>
      <button class="button button--small" type="button" @click=${() => { tree.openAll(); draw(); }}>${_("Unfold all")}</button>
      <span class="small muted nowrap">${plural("%(count)s row", "%(count)s rows", tree.rows.length)}</span>`, foot);
  }

  const valueAt = () => tree.rows.find((row) => row.path === chosen)?.value;
  const put = async (what) => toast(await copy(what) ? _("Copied.") : _("The browser did not let this page copy."));

  body.addEventListener("keydown", onKey);
  dialog.addEventListener("close", () => { list.destroy(); dialog.remove(); });
  dialog.showModal();
  draw();
}

function content(row) {
  if (row.kind === "close") return Array.isArray(row.value) ? "]" : "}";
  if (row.kind === "open") {
    const [open, close] = Array.isArray(row.value) ? "[]" : "{}";
    return row.open ? open : html`${open}<span class="json-row__count">${Array.isArray(row.value)
      ? plural("%(count)s item", "%(count)s items", row.count)
      : plural("%(count)s field", "%(count)s fields", row.count)}</span>${close}`;
  }
  const text = JSON.stringify(row.value);
  const kind = { string: "json-string", number: "json-number" }[typeof row.value] ?? "json-word";
  return html`<span class=${kind}>${text.length > LONG ? `${text.slice(0, LONG)}…` : text}</span>`;
}
