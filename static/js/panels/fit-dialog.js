// What would not work on AWS as it is, and what an execution would cost there.

import { html, nothing } from "lit";
import { post } from "../lib/api.js";
import { _, fill, plural } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { openDialog } from "./dialogs.js";

const WORDS = {
  DEFINITION_TOO_LARGE: () => _("The definition is larger than 1 MB."), NAME_TOO_LONG: () => _("The name of the state has more than 80 characters."),
  VALUE_TOO_LARGE: () => _("A value is larger than 256 KB."), LONGER_THAN_A_YEAR: () => _("%(subject)s is longer than a year."),
  DISTRIBUTED_IN_EXPRESS: () => _("A distributed Map does not run in an Express workflow."),
    MORE_AT_ONCE_THAN_INLINE: () => _("An inline Map runs at most 40 items at once, not %(subject)s."),
  OWN_RESOURCE: () => _("%(subject)s exists here only. On AWS, send the task token to a service of yours with .waitForTaskToken."),
  MUST_BE_THERE: () => _("%(subject)s must exist in your account on AWS; deploy it, and change the account and the region in its name."),
  NOT_IN_EXPRESS: () => _("%(subject)s does not work in an Express workflow."), NOT_HTTPS: () => _("%(subject)s is not https; AWS calls nothing else."),
};

const money = (dollars) => `$${dollars < 0.01 ? dollars.toFixed(6) : dollars.toFixed(2)}`;

/** `onGo(finding)` shows the state of a finding. */
export async function openFit({ definition, kind, onGo }) {
  const { findings, cost } = await post("aws-fit/", { definition, kind });
  const blocking = findings.filter((one) => one.blocks);
  const chosen = await openDialog((close) => html`<div><h2>${_("Fit for AWS")}</h2>
    <p class="note ${blocking.length ? "note--warning" : "note--good"}">${icon(blocking.length ? "triangle-alert"
      : "circle-check")}<span>${blocking.length ? plural("%(count)s thing would not work on AWS as it is.",
      "%(count)s things would not work on AWS as they are.", blocking.length) : _("Nothing in it is refused by AWS.")}</span></p>
    <ul class="fit">${findings.map((one) => html`<li
      class="fit__row">${icon(one.blocks ? "circle-x" : "info", one.blocks ? "bad" : "muted")}<div class="grow"><button
      class="link" type="button" @click=${() => close(one)}>${one.state || _("Definition")}</button><p
      class="small">${fill(WORDS[one.code](), { subject: one.subject })}</p></div></li>`)}</ul>
    <h3>${_("Estimated cost of an execution")}</h3>
    ${kind === "EXPRESS" ? html`<p>${fill(_("%(price)s for the request, and for the time it takes and the memory it uses besides."),
      { price: money(cost.least_dollars) })}</p>`
      : html`<p><b>${cost.least === cost.most ? money(cost.least_dollars)
        : `${money(cost.least_dollars)} – ${money(cost.most_dollars)}`}</b> ${fill(_("for %(count)s state transitions"),
        { count: cost.least === cost.most ? cost.least : `${cost.least} – ${cost.most}` })}${cost.loops
        ? _(", more when it goes round") : ""}</p>
      ${cost.per_item ? html`<p class="small">${fill(_("and %(count)s for each further item of a Map"), { count: cost.per_item })}</p>` : nothing}`}
    <p class="hint">${_("By the prices of us-east-1 in 2026, without retries and without what the called services cost.")}</p></div>
    <footer><button class="button" type="button" @click=${() => close(null)}>${_("Close")}</button></footer>`, { wide: true });
  if (chosen) onGo(chosen);
}
