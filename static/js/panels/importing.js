// A template that somebody brings: which of its machines, and what stands in the place of ${…}.

import { html, nothing, render } from "lit";
import { post } from "../lib/api.js";
import { _ } from "../lib/i18n.js";
import { openDialog } from "./dialogs.js";

/** {name, kind, text} of the machine that was chosen, null when none was; rejects where there is none in the text. */
export async function askImport(text, name) {
  const found = await post("import/", { text, name });
  if (found.length === 1 && !Object.keys(found[0].placeholders).length) return made(found[0]);
  const chosen = await openDialog((close) => html`<form method="dialog" @submit=${(event) => { event.preventDefault(); close(answer(event.target, found)); }}>
    <div><h2>${_("Bring a state machine")}</h2>
      ${found.length > 1 ? html`<label class="field"><span class="label">${_("State machine")}</span><select
        class="select" name="machine" @change=${(event) => draw(event.target.form, found)}>
        ${found.map((one, index) => html`<option value=${index}>${one.name}</option>`)}</select></label>` : nothing}
      <div class="import__fields">${fields(found[0])}</div></div>
    <footer><button class="button" type="button" @click=${() => close(null)}>${_("Cancel")}</button><button
      class="button button--primary">${_("Open in the editor")}</button></footer></form>`, { wide: true });
  if (!chosen) return null;
  const filled = await post("import/", { text, name, values: chosen.values });
  return made(filled[chosen.index]);
}

const made = ({ name, kind, definition }) => ({ name: name.replace(/[^\p{L}\p{N}_-]+/gu, "-").slice(0, 80), kind, text: definition, note: "" });

const fields = (machine) => html`${Object.keys(machine.placeholders).length
  ? html`<p class="soft">${_("What stands in the place of these? What is left empty stays as it is.")}</p>` : nothing}
  ${Object.entries(machine.placeholders).map(([key, given]) => html`<label class="field"><span class="label mono">${`\${${key}}`}</span>
    <input class="input input--code" name=${`value ${key}`} autocomplete="off" placeholder=${given}></label>`)}`;

function draw(form, found) {
  const holder = form.querySelector(".import__fields");
  render(nothing, holder);
  render(fields(found[Number(form.elements.machine.value)]), holder);
}

function answer(form, found) {
  const index = Number(form.elements.machine?.value ?? 0);
  const values = Object.fromEntries(Object.keys(found[index].placeholders)
    .map((key) => [key, form.elements[`value ${key}`].value]).filter(([, value]) => value));
  return { index, values };
}
