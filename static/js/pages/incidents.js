// Failures over all machines, grouped by what they have in common: since when, how often, whose; redriven together.

import { html, nothing, render } from "lit";
import { repeat } from "lit";
import { get, patch } from "../lib/api.js";
import { debounce, pageData } from "../lib/dom.js";
import { _, fill, plural } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { openSocket } from "../lib/live-socket.js";
import { ago, exact, number } from "../lib/moments.js";
import { toast } from "../lib/toasts.js";
import { openBulkDialog } from "../panels/bulk-dialog.js";
import { pretty } from "../panels/data-box.js";

const FRESH = 4_000; // ms: failures are grouped a few seconds after they happen
const PERIODS = [["day", _("Last 24 hours")], ["week", _("Last 7 days")], ["month", _("Last 4 weeks")]];

class IncidentsPage {
  constructor(root, machines, may) {
    this.root = root;
    this.machines = machines;
    this.may = may;
    const fields = new URLSearchParams(location.search);
    this.query = Object.fromEntries(["machine", "q", "period", "show"].map((name) => [name, fields.get(name) ?? ""]));
    this.rows = null;
    this.people = [];
    this.opened = Number(fields.get("open")) || null;
    this.error = "";
    this.typed = debounce((q) => this.filter({ q }), 250);
    this.reload = debounce(() => this.read(), FRESH);
    this.read();
    openSocket({ address: () => "/ws/executions/", onMessage: () => this.reload(), onState: () => {} });
  }

  async read() {
    const { machine, q, period, show } = this.query;
    const asked = new URLSearchParams({ machine, q, period: period || "day", muted: show === "muted", open: !show });
    for (const name of ["machine", "q"]) if (!asked.get(name)) asked.delete(name);
    try {
      const { incidents, people } = await get(`incidents/?${asked}`);
      Object.assign(this, { rows: incidents, people, error: "" });
    } catch (error) {
      this.error = error.message;
    }
    this.draw();
  }

  filter(changes) {
    Object.assign(this.query, changes);
    this.keepAddress();
    this.read();
  }

  keepAddress() {
    const fields = new URLSearchParams(Object.entries(this.query).filter(([, value]) => value));
    if (this.opened) fields.set("open", this.opened);
    history.replaceState(null, "", location.pathname + (fields.size ? `?${fields}` : ""));
  }

  open(row) {
    this.opened = this.opened === row.id ? null : row.id;
    this.keepAddress();
    this.draw();
  }

  async change(row, changes) {
    try {
      Object.assign(row, await patch(`incidents/${row.id}/`, changes));
      if ("muted" in changes) this.rows = this.rows.filter((each) => each !== row);
      else toast(_("Saved."), { kind: "success" });
    } catch (error) {
      toast(error.message, { kind: "error" });
    }
    this.draw();
  }

  async redrive(row) {
    if (await openBulkDialog({ kind: "REDRIVE", query: { incident: String(row.id) } })) this.reload();
  }

  draw() {
    render(html`<div class="executions incidents">${this.bar()}
      ${this.error ? html`<div class="note note--bad" role="alert">${icon("circle-alert")}<span class="grow">${this.error}</span></div>` : nothing}
      ${this.rows === null ? html`<div class="card pad"><span class="skeleton"></span></div>` : this.rows.length
        ? html`<div class="incidents__list">${repeat(this.rows, (row) => row.id, (row) => this.card(row))}</div>`
        : this.empty()}</div>`, this.root);
  }

  bar() {
    const { machine, period, show, q } = this.query;
    const select = (label, name, options, chosen) =>
      html`<label><span class="visually-hidden">${label}</span><select class="select"
      @change=${({ target }) => this.filter({ [name]: target.value })}>
      ${options.map(([value, word]) => html`<option value=${value} ?selected=${value === chosen}>${word}</option>`)}</select></label>`;
    return html`<div class="executions__bar"><label class="input-box">${icon("search")}<span class="visually-hidden">${_("Search")}</span>
        <input type="search" placeholder=${_("State, error, cause or note")} .value=${q} @input=${({ target }) => this.typed(target.value.trim())}></label>
      ${select(_("State machine"), "machine", [["", _("All state machines")], ...this.machines.map((name) => [name, name])], machine)}
      ${select(_("Trend"), "period", PERIODS, period || "day")}
      ${select(_("Shown"), "show", [["", _("Open")], ["all", _("Also those that ended well since")], ["muted", _("Hidden")]], show)}</div>`;
  }

  card(row) {
    const open = this.opened === row.id;
    const from = Date.parse(row.first_at);
    const last = Date.parse(row.last_at);
    return html`<section class="card incident ${row.open ? "" : "incident--closed"}"><button class="incident__head"
      type="button" aria-expanded=${open} @click=${() => this.open(row)}>
        ${icon(open ? "chevron-down" : "chevron-right", "icon--small")}
        <span class="incident__count"><b>${number(row.open)}</b><span class="tiny muted">${_("open")}</span></span>
        <span class="incident__what"><span class="mono medium incident__error">${row.error}</span> <span
          class="soft">${row.machine}${row.state ? ` › ${row.state}` : ""}</span>
          <span class="small muted truncate incident__cause">${row.cause}</span></span>
        ${trend(row.trend)}
        <span class="small muted incident__times"><time title=${exact(last)}>${ago(last)}</time><br> <span class="tiny"
          title=${exact(from)}>${fill(_("since %(when)s"), { when: ago(from) })}</span></span>
        <span class="small soft truncate incident__owner">${row.owner_name ?? nothing}</span></button>
      ${open ? this.inside(row) : nothing}</section>`;
  }

  inside(row) {
    const submit = (event) => {
      event.preventDefault();
      const data = new FormData(event.target);
      this.change(row, { owner: data.get("owner") || null, note: data.get("note") });
    };
    return html`<div class="incident__inside"><div class="incident__example"><h3>${_("One cause, as it was")}</h3><pre
      class="box log" tabindex="0">${pretty(row.example) || _("(no cause)")}</pre>
        <p class="row row--wrap"><a class="button button--small"
          href="/executions/?incident=${row.id}">${icon("list")}${plural("%(count)s execution", "%(count)s executions",
          row.open)}</a>
          ${this.may.operate ? html`<button class="button button--small button--primary" type="button"
            ?disabled=${!row.open} @click=${() => this.redrive(row)}>${icon("rotate-ccw")}${plural("Redrive %(count)s…",
            "Redrive %(count)s…", row.open)}</button>
            <button class="button button--small" type="button"
              @click=${() => this.change(row, { muted: !row.muted })}>${icon(row.muted ? "eye" : "eye-off")}${row.muted
              ? _("Show again") : _("Hide")}</button>` : nothing}
          <span class="small muted">${fill(_("%(total)s in all"), { total: number(row.total) })}</span></p></div>
      <form class="incident__form" @submit=${submit}><div class="field"><label for="owner-${row.id}">${_("Owner")}</label>
          <select class="select" id="owner-${row.id}" name="owner" ?disabled=${!this.may.operate}><option value="">${_("Nobody yet")}</option>
          ${this.people.map(({ username, name }) => html`<option value=${username} ?selected=${username === row.owner}>${name}</option>`)}</select></div>
        <div class="field"><label for="note-${row.id}">${_("Note")}</label><textarea class="textarea"
          id="note-${row.id}" name="note" rows="4" ?disabled=${!this.may.operate}
          .defaultValue=${row.note}></textarea></div>
        ${this.may.operate ? html`<button class="button button--small">${_("Save")}</button>` : nothing}</form></div>`;
  }

  empty() {
    return html`<div class="card empty">${icon("circle-check")}<p>${this.query.q || this.query.machine
      || this.query.show ? _("No incident fits.") : _("No execution has failed and is still open.")}</p></div>`;
  }
}

/** Bars of the failures over the period; the numbers are in the text for those who do not see it. */
function trend(counts) {
  const most = Math.max(1, ...counts);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return html`<span class="trend" role="img" aria-label=${plural("%(count)s failure in the period",
    "%(count)s failures in the period", all)} title=${number(all)}>
    ${counts.map((count) => html`<i .style=${`height:${count ? Math.max(8, (count / most) * 100) : 0}%`}></i>`)}</span>`;
}

new IncidentsPage(document.getElementById("incidents"), pageData("machines"), pageData("may"));
