// The right of the top bar: what is saved, undo, export, save, run; and the choice of view in the middle.

import { html, nothing, render } from "lit";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { EXPORTS } from "./commands.js";

const MODES = [["design", "workflow", () => _("Design")], ["split", "columns-2", () => _("Split")], ["code", "braces", () => _("Code")]];

/** `act` holds the actions: mode(name), save, run, exportAs(kind), palette, undo, redo, discard, remove, keys, versions, fit. show({…}) draws. */
export function createEditorBar({ bar, modes, tags }, act) {
  return {
    show(state) {
      render(MODES.map(([id, symbol, label]) => html`<button type="button" aria-pressed=${state.mode === id}
        aria-label=${label()} @click=${() => act.mode(id)}>${icon(symbol)}<span>${label()}</span></button>`), modes);
      render(html`${state.revision ? html`<span class="tag tag--outline"
        title=${_("Revision that runs now")}>${fill(_("Rev. %(number)s"), { number: state.revision })}</span>`
        : html`<span class="tag tag--accent">${_("Not saved yet")}</span>`}
        ${state.kind === "EXPRESS" ? html`<span class="tag">Express</span>` : nothing}
        ${state.dirty && state.revision ? html`<span class="tag tag--accent">${_("Draft")}</span>` : nothing}`, tags);
      render(html`${state.others.length ? html`<span class="editor__others tag"
        title=${fill(_("Also open: %(names)s"), { names: state.others.join(", ") })}>${icon("users")}<span
        class="visually-hidden">${fill(_("Also open: %(names)s"), { names: "" })}</span><span
        class="truncate wide-only">${state.others.join(", ")}</span></span>` : nothing}
        <span class="editor__saved wide-only" role="status">${state.note}</span>
        <span class="wide-only row row--tight">${quiet("search", _("Find a state or a command (Ctrl K)"), act.palette,
          false)}${state.may.design ? html`${quiet("undo-2", _("Undo (Ctrl Z)"), act.undo,
          !state.canUndo)}${quiet("redo-2", _("Redo (Ctrl Shift Z)"), act.redo, !state.canRedo)}` : nothing}</span>
        <details class="dropdown"><summary class="button button--quiet button--icon" aria-label=${_("More")} title=${_("More")}>${icon("ellipsis")}</summary>
          <div class="popover menu" @click=${(event) => event.currentTarget.closest("details").removeAttribute("open")}>
            <p class="menu__title">${_("Export")}</p>
            ${EXPORTS.map(([kind, label]) => item("download", label, () => act.exportAs(kind)))}
            <hr class="menu__line">
            ${state.revision ? item("history", _("Versions"), act.versions) : nothing}
            ${item("cloud", _("Fit for AWS"), act.fit)}
            ${item("keyboard", _("Keys"), act.keys, "?")}
            ${state.revision ? html`<a class="menu__item"
              href="/executions/?machine=${encodeURIComponent(state.name)}">${icon("activity")}${_("Executions")}</a>` : nothing}
            ${state.may.design && state.dirty && state.revision
              ? html`<hr class="menu__line">${item("rotate-ccw", _("Discard the draft"), act.discard)}` : nothing}
            ${state.may.design && state.revision ? item("trash-2", _("Delete the state machine"), act.remove, "", "menu__item--danger") : nothing}
          </div></details>
        ${state.may.design ? html`<button class="button wide-only" type="button"
          ?disabled=${!state.dirty && Boolean(state.revision)} data-busy=${state.saving ? "true" : nothing}
          title="Ctrl S" @click=${act.save}>${icon("save")}${state.revision ? _("Save")
          : _("Create")}</button>` : nothing}
        ${state.may.operate && (state.revision || state.may.design)
          ? html`<button class="button button--primary" type="button" title="Ctrl ↵"
          @click=${act.run}>${icon("play")}${_("Run")}</button>` : nothing}`, bar);
    },
  };
}

const quiet = (symbol, title, action, disabled) =>
  html`<button class="button button--quiet button--icon" type="button" title=${title} aria-label=${title}
  ?disabled=${disabled} @click=${action}>${icon(symbol)}</button>`;
const item = (symbol, text, action, key = "", extra = "") =>
  html`<button class="menu__item ${extra}" type="button" @click=${action}>${icon(symbol)}${text}${key
  ? html`<kbd class="push">${key}</kbd>` : nothing}</button>`;
