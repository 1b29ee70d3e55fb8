// Somebody saved a newer revision: what they changed, put together with what one changed oneself, or chosen state by state.

import { html, nothing } from "lit";
import { _, fill, plural } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { dayClock } from "../lib/moments.js";
import { differences, merge } from "../model/merging.js";
import { openDialog } from "./dialogs.js";

const shown = (value) => (value === undefined ? _("– removed –") : JSON.stringify(value, null, 2));

/**
 * Asks what to do: {how: "save" | "look", definition} with both changes in it, {how: "theirs"}, or null (go on editing).
 * The definitions are data; `current` is the newer revision as REST gives it.
 */
export function askMerge({ name, current, base, mine, theirs }) {
  const { conflicts } = merge(base, mine, theirs);
  const said = fill(_("%(who)s saved revision %(number)s of “%(name)s” at %(when)s, after you began. Nothing of yours is lost."),
    { who: current.createdBy ?? _("Somebody"), number: current.number, name, when: dayClock(Date.parse(current.createdAt)) });
  const answer = (form, how) => {
    const kept = new Map(conflicts.map((conflict, index) => [conflict.name, form.elements[`keep-${index}`]?.value ?? "mine"]));
    return { how, definition: merge(base, mine, theirs, (key) => kept.get(key)).definition };
  };
  const choice = (conflict, index) => html`<fieldset class="conflict"><legend>${conflict.name}</legend><div class="compare">
    ${[["theirs", _("Theirs"), conflict.theirs], ["mine", _("Yours"), conflict.mine]].map(([value, label, state]) => html`<label class="conflict__side">
      <span class="option"><input class="radio" type="radio" name="keep-${index}" value=${value}
        ?checked=${value === "mine"}>${label}</span><pre
        class="json box">${shown(state)}</pre></label>`)}</div></fieldset>`;
  return openDialog((close) => html`<form method="dialog" @submit=${(event) => { event.preventDefault(); close(answer(event.target, "save")); }}>
    <div><h2>${_("Somebody saved a newer revision")}</h2><p class="soft">${said}</p>
      ${changed(_("They changed"), differences(base, theirs))}${changed(_("You changed"), differences(base, mine))}
      ${conflicts.length ? html`<p
        class="note note--warning">${icon("triangle-alert")}<span>${plural(
          "%(count)s place was changed by both of you; choose which to keep. The rest is put together.",
        "%(count)s places were changed by both of you; choose which to keep. The rest is put together.",
        conflicts.length)}</span></p>
        ${conflicts.map(choice)}`
          : html`<p class="note note--good">${icon("circle-check")}<span>${
            _("Your changes and theirs touch different states, so they can be put together.")}</span></p>`}</div>
    <footer><button class="button" type="button" @click=${() => close(null)}>${_("Go on editing")}</button>
      <button class="button" type="button" title=${_("Take theirs (undo brings yours back)")}
        @click=${() => close({ how: "theirs" })}>${_("Take theirs")}</button>
      <button class="button" type="button" @click=${(event) => close(answer(event.target.form, "look"))}>${_("Merge and look")}</button>
      <button class="button button--primary">${_("Merge and save")}</button></footer></form>`, { wide: true });
}

function changed(title, { added, changed: others, removed }) {
  const list = (sign, names, word) => names.map((name) => html`<li><span class="tag ${sign}">${word}</span> ${name}</li>`);
  if (!added.length && !others.length && !removed.length) return nothing;
  return html`<section><h3 class="label">${title}</h3><ul
    class="changes">${list("tag--accent", added, _("new"))}${list("", others, _("changed"))}${list("tag--outline",
    removed, _("removed"))}</ul></section>`;
}
