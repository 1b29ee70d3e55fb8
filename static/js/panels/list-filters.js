// The less common filters of the executions: a form in a dialog, and a chip for each that is set.

import { html, nothing, render } from "lit";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { dayClock } from "../lib/moments.js";

const FIELDS = () => [
  ["name", _("Name"), "text"], ["error", _("Error or cause"), "text"], ["payload", _("Text in input or output"), "text"],
  ["tag", _("Tag of the state machine (key or key:value)"), "text"], ["version", _("Version"), "number"], ["revision", _("Revision"), "number"],
  ["since", _("Started at or after"), "datetime-local"], ["until", _("Started before"), "datetime-local"],
];

/** A chip for each of these filters that is set; `change(changes)` takes it off. */
export function filterChips(query, change) {
  const shown = [...FIELDS(), ["incident", _("Incident"), "number"]].filter(([name]) => query[name]);
  return shown.map(([name, word, kind]) => html`<span class="filter-chip"><span class="muted">${word}</span> <b
    class="medium">${kind === "datetime-local" ? dayClock(Date.parse(query[name])) : query[name]}</b>
    <button type="button" class="filter-chip__off" aria-label=${fill(_("Take off: %(what)s"), { what: word })}
      @click=${() => change({ [name]: "" })}>${icon("x", "icon--small")}</button></span>`);
}

/** Asks for them; resolves to the changes, or null. */
export function openFilters(query) {
  return new Promise((resolve) => {
    const dialog = Object.assign(document.createElement("dialog"), { className: "dialog" });
    dialog.setAttribute("aria-labelledby", "filters-title");
    document.body.append(dialog);
    let answer = null;
    const submit = (event) => {
      event.preventDefault();
      const values = Object.fromEntries(new FormData(event.target));
      for (const [name, , kind] of FIELDS()) values[name] = kind === "datetime-local" ? iso(values[name]) : values[name].trim();
      answer = values.since || values.until ? { ...values, within: "" } : values;
      dialog.close();
    };
    render(html`<form method="dialog" @submit=${submit}><div><h2 id="filters-title">${_("More filters")}</h2>
      ${FIELDS().map(([name, word, kind]) => html`<div class="field"><label for="filter-${name}">${word}</label>
        <input class="input" id="filter-${name}" name=${name} type=${kind} min=${kind === "number" ? 1 : nothing}
          autocomplete="off" .value=${kind === "datetime-local" ? local(query[name]) : query[name]}></div>`)}</div>
      <footer><button class="button" type="button" @click=${() => dialog.close()}>${_("Cancel")}</button><button
        class="button button--primary">${_("Apply")}</button></footer></form>`, dialog);
    dialog.addEventListener("close", () => { dialog.remove(); resolve(answer); });
    dialog.showModal();
  });
}

/** What an input of the kind datetime-local has, as ISO text of the same moment; and the reverse. */
const iso = (text) => (text ? new Date(text).toISOString() : "");

function local(text) {
  if (!text) return "";
  const moment = new Date(text);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
