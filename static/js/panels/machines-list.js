// The list of state machines: search, last runs, what to do next.

import { html, nothing, render } from "lit";
import { get } from "../lib/api.js";
import { debounce } from "../lib/dom.js";
import { _, fill, plural } from "../lib/i18n.js";
import { glyph, icon } from "../lib/icon.js";
import { ago, exact } from "../lib/moments.js";
import { statusName, statusWord } from "../canvas/statuses.js";

const BAD = ["failed", "timedout", "aborted"];

/** Fills `element`; `onTotal(count)` tells how many machines there are, `onRun(name)` opens the start dialog. */
export function createMachinesList(element, { may, onTotal, onRun }) {
  let rows = null;
  let next = "";
  let total = 0;
  let search = new URLSearchParams(location.search).get("search") ?? "";
  let error = "";
  let newest = 0;

  async function load({ more = false } = {}) {
    const number = (newest += 1);
    try {
      const page = await get(`machines/?${new URLSearchParams({ search, after: more ? next : "" })}`);
      if (number !== newest) return;
      rows = more ? [...rows, ...page.machines] : page.machines;
      ({ next, total } = page);
      error = "";
      onTotal(total);
    } catch (failure) {
      if (number !== newest) return;
      error = failure.message;
      rows ??= [];
    }
    draw();
  }

  const searched = debounce(() => {
    const address = new URL(location);
    if (search) address.searchParams.set("search", search);
    else address.searchParams.delete("search");
    history.replaceState(null, "", address);
    load();
  }, 180);

  const draw = () => render(html`
    <form class="toolbar" role="search" @submit=${(event) => { event.preventDefault(); searched.now(); }}>
      <div class="input-box">${icon("search")}<input type="search" .value=${search}
        placeholder=${_("Name, or anything in the definition")} aria-label=${_("Search state machines")}
        @input=${(event) => { search = event.target.value; searched(); }}></div></form>
    <div role="alert">${error ? html`<p class="note note--bad">${icon("circle-alert")}<span>${error} <button
      class="link" type="button" @click=${() => load()}>${_("Try again")}</button></span></p>` : nothing}</div>
    ${rows === null ? skeleton() : rows.length ? table() : error ? nothing : none()}`, element);

  const skeleton = () => html`<div class="card pad column column--wide"
    aria-busy="true">${[70, 54, 62].map((width) => html`<i class="skeleton" style="width:${width}%"></i>`)}</div>`;
  const none = () => html`<div class="card empty">${icon("workflow")}<h2>${fill(_("Nothing found for “%(words)s”"), { words: search })}</h2>
    <button class="button" type="button" @click=${() => { search = ""; searched.now(); load(); }}>${_("Show all")}</button></div>`;

  const table = () => html`<div class="card table-box"><table class="table table--rich table--stack"><thead><tr>
    <th>${_("Name")}</th><th>${_("Last run")}</th><th>${_("Last 20 runs")}</th><th>${_("Revision")}</th><th>${_("Edited")}</th><th><span
      class="visually-hidden">${_("Run")}</span></th>
    </tr></thead><tbody>${rows.map(row)}</tbody></table></div>
    <div class="pager row" style="margin-top:10px"><span>${fill(_("%(shown)s of %(total)s"), { shown: rows.length, total })}</span>
    ${next ? html`<button class="button button--small" type="button" @click=${() => load({ more: true })}>${_("Show more")}</button>` : nothing}</div>`;

  const row = (machine) => html`<tr>
    <td class="machines__name"><a class="plain medium cover" href="/machines/${encodeURIComponent(machine.name)}/"
      lang=${/[぀-ヿ㐀-鿿]/.test(machine.name) ? "ja" : nothing}>${machine.name}</a>
      ${machine.kind === "EXPRESS" ? html` <span class="tag">Express</span>` : nothing}
      <div class="small muted truncate machines__comment">${machine.comment || plural("%(count)s state", "%(count)s states", machine.states)}</div></td>
    <td data-label=${_("Last run")}>${lastRun(machine.runs[0])}</td>
    <td data-label=${_("Last 20 runs")}>${machine.runs.length ? runs(machine.runs) : html`<span class="muted">–</span>`}</td>
    <td data-label=${_("Revision")}><span class="row row--tight"><span class="tag tag--outline">${machine.revision}</span>
      ${machine.draft ? html`<span class="tag tag--accent">${_("Draft")}</span>` : nothing}</span></td>
    <td class="soft" data-label=${_("Edited")}>${moment(machine.editedAt)}${machine.editedBy
      ? html`<div class="small muted">${machine.editedBy}</div>` : nothing}</td>
    <td class="number">${may.operate ? html`<button class="button button--quiet button--icon" style="position:relative;z-index:1" type="button"
      title=${fill(_("Run %(name)s"), { name: machine.name })}
        aria-label=${fill(_("Run %(name)s"), { name: machine.name })}
        @click=${() => onRun(machine.name)}>${icon("play")}</button>` : nothing}</td></tr>`;

  const moment = (iso) => html`<time datetime=${iso} title=${exact(Date.parse(iso))}>${ago(Date.parse(iso))}</time>`;
  const lastRun = (run) => (run
    ? html`<span class="chip chip--bare chip--${statusName(run.status)}">${glyph(statusName(run.status))}${statusWord(run.status)}</span><div
      class="small muted">${moment(run.startedAt)}</div>`
    : html`<span class="muted">${_("never run")}</span>`);
  const runs = (list) => html`<span class="runs" role="img" aria-label=${summary(list)} title=${summary(list)}>${list.toReversed().map((run) =>
    html`<i class="pattern--${statusName(run.status)} ${BAD.includes(statusName(run.status)) ? "runs__bad" : ""}"></i>`)}</span>`;

  function summary(list) {
    const counts = new Map();
    for (const run of list) counts.set(run.status, (counts.get(run.status) ?? 0) + 1);
    return [...counts].map(([status, count]) => `${statusWord(status)}: ${count}`).join(", ");
  }

  draw();
  load();
}
