// Small dialogs of the editor: a question, a conflict, the keys, the name of a new machine.

import { html, nothing, render } from "lit";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { dayClock } from "../lib/moments.js";
import { FURTHER_KEYS } from "./commands.js";

/** Opens a dialog with `template(close)`; resolves to what close() was given, or null. */
export function openDialog(template, { wide = false } = {}) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = `dialog${wide ? " dialog--wide" : ""}`;
    let answer = null;
    const close = (value) => { answer = value; dialog.close(); };
    dialog.addEventListener("close", () => { dialog.remove(); resolve(answer); });
    document.body.append(dialog);
    render(template(close), dialog);
    dialog.showModal();
  });
}

/** A question with one action; true when it was chosen. */
export const ask = ({ title, text, action, danger = false }) =>
  openDialog((close) => html`<form method="dialog" @submit=${(event) => { event.preventDefault(); close(true); }}>
  <div><h2>${title}</h2><p class="soft">${text}</p></div>
  <footer><button class="button" type="button" @click=${() => close(null)}>${_("Cancel")}</button>
  <button class="button ${danger ? "button--danger button--filled" : "button--primary"}" autofocus>${action}</button></footer></form>`);

/** Somebody saved a newer revision: "theirs", "mine" or null (go on editing). */
export const askConflict = ({ name, current, mine }) => openDialog((close) => html`<form method="dialog">
  <div><h2>${_("Somebody saved a newer revision")}</h2>
    <p class="soft">${fill(_("%(who)s saved revision %(number)s of “%(name)s” at %(when)s, after you began. Nothing of yours is lost."),
      { who: current.createdBy ?? _("Somebody"), number: current.number, name,
      when: dayClock(Date.parse(current.createdAt)) })}</p>
    <div class="compare"><section><h3>${_("Theirs")}</h3><pre
      class="json box">${current.definition}</pre></section><section><h3>${_("Yours")}</h3><pre
      class="json box">${mine}</pre></section></div></div>
  <footer><button class="button" type="button" @click=${() => close(null)}>${_("Go on editing")}</button>
  <button class="button" type="button" @click=${() => close("theirs")}>${_("Take theirs (undo brings yours back)")}</button>
  <button class="button button--primary" type="button" @click=${() => close("mine")}>${_("Save mine as the newest")}</button></footer></form>`, { wide: true });

/** The name and kind of a machine that is saved for the first time: {name, kind} or null. */
export const askName = ({ name, kind, error = "" }) => openDialog((close) => html`<form method="dialog" @submit=${(event) => {
  event.preventDefault();
  const data = new FormData(event.target);
  if (String(data.get("name")).trim()) close({ name: String(data.get("name")).trim(), kind: data.get("kind") });
}}><div><h2>${_("Create the state machine")}</h2>
  <div class="field"><label for="new-name">${_("Name")}</label><input class="input" id="new-name" name="name"
    .value=${name} maxlength="80" required autofocus autocomplete="off">
    ${error ? html`<p class="error">${icon("circle-alert")}<span>${error}</span></p>` : nothing}<p
      class="hint">${_("Letters of any script, digits, - and _. It cannot be changed later.")}</p></div>
  <fieldset class="field"><legend>${_("Type")}</legend><div class="choices">
    <label class="option"><input class="radio" type="radio" name="kind" value="STANDARD"
      ?checked=${kind !== "EXPRESS"}><span>Standard <span
      class="muted small">${_("durable, up to a year, every step in the history")}</span></span></label>
    <label class="option"><input class="radio" type="radio" name="kind" value="EXPRESS"
      ?checked=${kind === "EXPRESS"}><span>Express <span
      class="muted small">${_("short and many, up to 5 minutes")}</span></span></label></div></fieldset></div>
  <footer><button class="button" type="button" @click=${() => close(null)}>${_("Cancel")}</button><button
    class="button button--primary">${_("Create")}</button></footer></form>`);

/** All keys of the editor: of `commands` and what else the keyboard does. */
export function showKeys(commands) {
  const keys = [...FURTHER_KEYS(), ...commands.filter((entry) => entry.keys).map((entry) => [entry.keys, entry.label])];
  return openDialog((close) => html`<div><h2>${_("Keys")}</h2><dl
    class="keys">${keys.map(([key, text]) => html`<dt>${key.split(" ")
    .map((part) => html`<kbd>${part}</kbd>`)}</dt><dd>${text}</dd>`)}</dl></div>
    <footer><button class="button" type="button" @click=${() => close(null)}>${_("Close")}</button></footer>`, { wide: true });
}
