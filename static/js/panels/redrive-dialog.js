// Redriving an execution: on the definition it ran under or on a newer revision, with what that would mean.

import { html, nothing, render } from "lit";
import { get, post } from "../lib/api.js";
import { _, fill, plural } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { goesOnWords, grouped } from "../model/redrive-plan.js";

/** Asks on which revision, and redrives; resolves to true when it was done. */
export function openRedriveDialog(run) {
  return new Promise((resolve) => {
    const dialog = Object.assign(document.createElement("dialog"), { className: "dialog dialog--wide redrive" });
    dialog.setAttribute("aria-labelledby", "redrive-title");
    document.body.append(dialog);
    const address = `executions/${run.id}/redrive/`;
    let plan = null;
    let first = null; // the plan of the revision it ran under, which knows what there is
    let error = "";
    let busy = false;
    let done = false;

    async function look(revision) {
      plan = null;
      error = "";
      draw();
      try {
        plan = await get(address + (revision ? `?revision=${revision}` : ""));
        first ??= plan;
      } catch (failure) {
        error = failure.message;
      }
      draw();
    }

    async function send(event) {
      event.preventDefault();
      if (busy || !plan?.possible) return;
      busy = true;
      draw();
      try {
        await post(address, plan.revision === plan.pinned ? {} : { revision: plan.revision });
        done = true;
        dialog.close();
      } catch (failure) {
        error = failure.message;
        busy = false;
        draw();
      }
    }

    function draw() {
      render(html`<form method="dialog" @submit=${send}>
        <div><h2 id="redrive-title">${fill(_("Redrive %(name)s"), run)}</h2>
          <p class="soft">${_("What was done stays done. States that failed or were cut off do their work once more, with the same input.")}</p>
          ${first ? choice() : nothing}
          <div class="redrive__plan" aria-live="polite">${plan ? planTemplate(plan) : error ? nothing : html`<span class="skeleton"></span>`}</div>
          <div role="alert">${error ? html`<p class="error">${icon("circle-alert")}${error}</p>` : nothing}</div></div>
        <footer><button class="button" type="button" @click=${() => dialog.close()}>${_("Cancel")}</button>
          <button class="button button--primary" ?disabled=${busy || !plan?.possible}>${icon("rotate-ccw")}${plan
            && plan.revision !== plan.pinned ? fill(_("Redrive on r%(revision)s"), plan)
            : _("Redrive")}</button></footer></form>`, dialog);
    }

    function choice() {
      if (!first.later.length) return nothing;
      return html`<div class="field"><label for="redrive-revision">${_("Definition")}</label>
        <select class="select" id="redrive-revision" @change=${({ target }) => look(Number(target.value) || null)}>
          <option value="">${fill(_("The one it ran under (r%(pinned)s)"), first)}</option>
          ${first.later.map((number, index) => html`<option
            value=${number}>${fill(index === 0 ? _("The newest one (r%(number)s)") : _("Revision %(number)s"),
            { number })}</option>`)}</select>
        <p class="hint">${_("On a newer definition the execution is pinned to it from then on. The audit log says so.")}</p></div>`;
    }

    dialog.addEventListener("close", () => { dialog.remove(); resolve(done); });
    dialog.showModal();
    look(null);
  });
}

function planTemplate(plan) {
  if (plan.reason) return html`<div class="note note--bad">${icon("circle-alert")}<span>${plan.reason}</span></div>`;
  return html`
    ${plan.problem ? html`<div class="note note--bad">${icon("circle-alert")}<span>${plan.problem}</span></div>` : nothing}
    ${plan.obstacles.length ? html`<div class="note note--bad">${icon("ban")}<div class="grow"><b
      class="medium">${_("The execution cannot go on under this definition.")}</b>
      <ul>${plan.obstacles.map(({ state, reason }) => html`<li><b class="medium">${state}</b>: ${reason}</li>`)}</ul></div></div>` : nothing}
    <section><h3>${_("Goes on at")}</h3><ul class="redrive__states">${goesOnWords(plan)
      .map(({ state, count, place }) => html`<li>${icon("corner-down-right", "icon--small")}
      <b class="medium">${state}</b> <span class="muted small">${count > 1
        ? plural("%(count)s time", "%(count)s times", count) : place}</span></li>`)}</ul></section>
    ${plan.revision === plan.pinned ? nothing : differences(plan)}`;
}

function differences(plan) {
  const { added, removed, changed } = grouped(plan.differences);
  if (!plan.differences.length) return html`<p class="muted">${_("Both definitions say the same.")}</p>`;
  const row = (word, list, symbol) => list.map(({ state, fields }) =>
    html`<li>${icon(symbol, "icon--small")}<b class="medium">${state || _("The definition as a whole")}</b>
    <span class="muted small">${fields.length ? fields.join(", ") : word}</span></li>`);
  return html`<section><h3>${plural("%(count)s difference", "%(count)s differences", plan.differences.length)}</h3><ul class="redrive__states">
    ${row(_("changed"), changed, "pencil")}${row(_("new"), added, "plus")}${row(_("gone"), removed, "minus")}</ul></section>`;
}
