// What the canvas says over itself: a broken text, a lost connection, where to begin, what to insert.

import { html, nothing, render } from "lit";
import { _ } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { openDialog } from "./dialogs.js";
import { entries } from "./palette.js";

export function createNotices(canvas) {
  const holder = document.createElement("div");
  holder.className = "notices";
  holder.setAttribute("role", "status");
  const begin = document.createElement("div");
  canvas.append(holder, begin);
  const said = new Map();

  const draw = () => render([...said].map(([kind, text]) =>
    html`<div class="floating floating--notice popover">${icon("triangle-alert", kind === "draft" ? ""
    : "problem__warning")}<span>${text}</span>
    ${kind === "draft" ? html`<button class="button button--quiet button--icon button--small" type="button"
      aria-label=${_("Dismiss")} @click=${() => { said.delete(kind); draw(); }}>${icon("x")}</button>`
      : nothing}</div>`), holder);

  return {
    /** Says one thing of a kind; "" takes it away. */
    say(kind, text) {
      if (text ? said.get(kind) === text : !said.has(kind)) return;
      if (text) said.set(kind, text);
      else said.delete(kind);
      draw();
    },
    /** An empty canvas says where to drop the first state. */
    empty(shown, { readOnly, onAdd }) {
      const { flow, actions } = entries([]);
      const first = [...actions.filter((entry) => ["Task", "Approval"].includes(entry.kind)),
        ...flow.filter((entry) => ["Choice", "Parallel", "Pass"].includes(entry.kind))];
      render(!shown ? nothing : html`<div class="floating begin-here popover">${readOnly
        ? html`<p>${_("There are no states yet.")}</p>`
        : html`<b>${_("Begin here")}</b><p
        class="soft small">${_("Drag a state onto the sign, or choose the first one:")}</p>
        <div class="row row--wrap">${first.map((entry) =>
          html`<button class="button button--small" type="button"
          @click=${() => onAdd(entry)}>${icon(entry.icon)}${entry.label}</button>`)}</div>`}</div>`, begin);
    },
    /** Asks what to insert at a place. */
    async choose(place, { functions, onAdd }) {
      const { flow, actions } = entries(functions);
      const entry = await openDialog((close) => html`<div><h2>${_("Insert a state")}</h2><div class="choose">${[...flow, ...actions].map((one) => html`
        <button class="browser__entry look--${one.look}" type="button" @click=${() => close(one)}><span
          class="browser__tile look--${one.look}">${icon(one.icon)}</span><span class="browser__words"><b
          class="truncate">${one.label}</b><span class="truncate">${one.text}</span></span></button>`)}</div></div>
        <footer><button class="button" type="button" @click=${() => close(null)}>${_("Cancel")}</button></footer>`, { wide: true });
      if (entry) onAdd(entry, place);
    },
  };
}
