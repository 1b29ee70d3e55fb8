// The values of one step in two runs: what differs, by its path; the whole data of both below.

import { html, nothing } from "lit";
import { get } from "../lib/api.js";
import { _, plural } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { differences } from "../model/compare.js";
import { copyButton, dataBox, failureNote } from "./data-box.js";

/** `changed()` when what was asked for has come.  Returns {show(pair, runs), template()}. */
export function compareValues(changed) {
  let pair = null;
  let details = {}; // side → the REST answer of the visit
  let error = "";

  return {
    async show(shown, runs) {
      pair = shown;
      details = {};
      error = "";
      try {
        const asked = [["left", "a"], ["right", "b"]].filter(([side]) => shown[side]).map(async ([side, name]) => {
          const page = await get(`executions/${runs[name].run.id}/states/${encodeURIComponent(shown[side].state)}/?visit=${shown[side].visit.id}`);
          return [side, page.visits[0]];
        });
        const found = Object.fromEntries(await Promise.all(asked));
        if (pair === shown) details = found;
      } catch (failure) {
        error = failure.message;
      }
      changed();
    },
    template() {
      if (!pair) return html`<div class="empty"><p>${_("Choose a step to see its values.")}</p></div>`;
      const { left, right } = pair;
      return html`<header class="panel__head panel__head--plain"><h2 class="break">${(left ?? right).state}</h2></header>
        <div class="panel__body">
          ${error ? html`<div class="note note--bad">${icon("circle-alert")}<span>${error}</span></div>` : nothing}
          ${left && right && details.left && details.right ? ["input", "output"].map(differing) : nothing}
          ${["left", "right"].map((side) => (pair[side] && details[side] ? whole(side) : nothing))}</div>`;
    },
  };

  function differing(name) {
    const [one, other] = [parsed(details.left[name]), parsed(details.right[name])];
    const found = differences(one, other);
    const title = name === "input" ? _("Input") : _("Output");
    if (!found.length) return html`<p class="small muted">${title}: ${_("the same")}</p>`;
    return html`<section><h3>${title}: ${plural("%(count)s difference", "%(count)s differences", found.length)}</h3>
      <div class="table-box compare__values" tabindex="0"><table
        class="table"><thead><tr><th>${_("Path")}</th><th>${_("Left")}</th><th>${_("Right")}</th></tr></thead>
      <tbody>${found.map((each) => html`<tr><td class="mono small">${each.path} ${copyButton(() => each.path, _("Path"))}</td>
        <td class="mono small wrap">${short(each.left)}</td><td class="mono small wrap">${short(each.right)}</td></tr>`)}</tbody></table></div></section>`;
  }

  function whole(side) {
    const detail = details[side];
    const word = side === "left" ? _("Left") : _("Right");
    return html`<details class="compare__whole"><summary class="medium">${word}</summary>
      ${failureNote(detail.error, detail.cause)}
      ${dataBox(`${side} ${detail.id} input`, _("Input"), detail.input)}${dataBox(`${side} ${detail.id} output`, _("Output"), detail.output)}</details>`;
  }
}

function parsed(text) {
  if (text === null || text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const LONG = 300; // characters of a value shown

function short(value) {
  if (value === undefined) return html`<span class="muted">${_("(not there)")}</span>`;
  const text = JSON.stringify(value);
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
}
