// Stopping or redriving many executions: what it would reach, how far it has come, what could not be done, undoing it.

import { html, nothing, render } from "lit";
import { get, post } from "../lib/api.js";
import { _, fill, plural } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { number } from "../lib/moments.js";
import { toast } from "../lib/toasts.js";

const EVERY = 700; // ms between two looks at how far it has come

const WORDS = {
  STOP: {
    title: _("Stop executions"), text: _("Tasks that are under way are cancelled, open requests are closed. What was done is not undone."),
    action: (count) => plural("Stop %(count)s execution", "Stop %(count)s executions", count), done: _("stopped"),
      undo: _("Undo: redrive them"), symbol: "circle-stop",
  },
  REDRIVE: {
    title: _("Redrive executions"), text: _("What was done stays done. States that failed or were cut off do their work once more, with the same input."),
    action: (count) => plural("Redrive %(count)s execution", "Redrive %(count)s executions", count),
      done: _("redriven"), undo: _("Undo: stop them"), symbol: "rotate-ccw",
  },
};

/** `kind` STOP or REDRIVE, of `ids` or of all that fit `query` (members of the list's REST query).  Resolves to whether it was begun. */
export function openBulkDialog({ kind, ids, query }) {
  return new Promise((resolve) => {
    const dialog = Object.assign(document.createElement("dialog"), { className: "dialog dialog--wide bulk" });
    dialog.setAttribute("aria-labelledby", "bulk-title");
    document.body.append(dialog);
    const wanted = { kind, ...(ids ? { ids } : { query }) };
    let words = WORDS[kind];
    let preview = null;
    let state = null;
    let failures = [];
    let error = "";
    let busy = false;
    let timer = 0;

    async function attempt(work) {
      error = "";
      busy = true;
      draw();
      try {
        await work();
      } catch (failure) {
        error = failure.message;
      }
      busy = false;
      draw();
    }

    async function submit(event) {
      event.preventDefault();
      const data = new FormData(event.target);
      await attempt(async () => follow(await post("executions/bulk/", { ...wanted, cause: data.get("cause") ?? "", latest: data.get("latest") === "on" })));
    }

    function follow(begun) {
      state = begun;
      words = WORDS[begun.kind];
      failures = [];
      draw();
      timer = setTimeout(look, EVERY);
    }

    async function look() {
      try {
        state = await get(`executions/bulk/${state.id}/`);
        if (state.failed && state.status !== "RUNNING") failures = (await get(`executions/bulk/${state.id}/items/`)).items;
      } catch (failure) {
        error = failure.message;
      }
      draw();
      if (state.status === "RUNNING") timer = setTimeout(look, EVERY);
    }

    function draw() {
      render(state ? progress() : question(), dialog);
    }

    function question() {
      const tooMany = preview && preview.total > preview.most;
      return html`<form method="dialog" @submit=${submit}><div><h2 id="bulk-title">${words.title}</h2><p class="soft">${words.text}</p>
        ${preview ? reach() : error ? nothing : html`<span class="skeleton"></span>`}
        ${kind === "STOP" ? html`<div class="field"><label for="bulk-cause">${_("Cause (optional)")}</label><textarea
          class="textarea" id="bulk-cause" name="cause" rows="2"></textarea></div>`
          : html`<label class="option"><input class="check" type="checkbox"
            name="latest"><span>${_("On the newest definition, where it fits")} <span
            class="muted small">${_("the others on the one they ran under")}</span></span></label>`}
        ${tooMany ? html`<p class="error">${icon("circle-alert")}${fill(_("At most %(most)s at a time. Narrow the filters."),
          { most: number(preview.most) })}</p>` : nothing}
        ${problem()}</div>
        <footer><button class="button" type="button" @click=${() => dialog.close()}>${_("Cancel")}</button>
          <button class="button ${kind === "STOP" ? "button--danger button--filled" : "button--primary"}"
            ?disabled=${busy || !preview?.total || tooMany}>${icon(words.symbol)}${words.action(preview?.total
            ?? 0)}</button></footer></form>`;
    }

    function reach() {
      if (!preview.total) return html`<div class="note">${icon("info")}<span>${kind === "STOP" ? _("None of them runs.")
        : _("None of them can be redriven.")}</span></div>`;
      return html`<section><h3>${_("What it reaches")}</h3><ul class="bulk__list">${Object.entries(preview.machines)
        .map(([machine, count]) => html`<li><b class="medium">${number(count)}</b> ${machine}</li>`)}</ul>
        <p class="small muted break">${preview.examples.map((one) => one.name).join(", ")}${preview.total > preview.examples.length ? " …" : ""}</p></section>`;
    }

    function progress() {
      const through = state.succeeded + state.failed;
      const running = state.status === "RUNNING";
      return html`<div><h2 id="bulk-title">${words.title}</h2>
        <progress class="bulk__progress" max=${state.total} value=${through} aria-label=${_("Progress")}></progress>
        <p role="status">${fill(_("%(done)s of %(total)s"), { done: number(through), total: number(state.total) })} · ${number(state.succeeded)} ${words.done}
          ${state.failed ? html` · <span class="status status--failed">${plural("%(count)s not possible",
            "%(count)s not possible", state.failed)}</span>` : nothing}
          ${state.status === "CANCELLED" ? html` · ${_("cancelled")}` : nothing}</p>
        ${failures.length ? html`<div class="table-box bulk__failures"><table
          class="table"><thead><tr><th>${_("Execution")}</th><th>${_("Reason")}</th></tr></thead>
          <tbody>${failures.map((one) => html`<tr><td><a
            href="/executions/${one.execution}/">${one.name ?? one.execution}</a></td><td
            class="wrap">${one.reason}</td></tr>`)}</tbody></table></div>` : nothing}
        ${problem()}</div>
        <footer>${running ? html`<button class="button" type="button"
          @click=${() => attempt(async () => { state = await post(`executions/bulk/${state.id}/cancel/`,
          {}); })}>${_("Take up no more")}</button>` : nothing}
          ${!running && state.succeeded && !state.undone
            ? html`<button class="button" type="button" ?disabled=${busy}
            @click=${() => attempt(async () => follow(await post(`executions/bulk/${state.id}/undo/`,
            {})))}>${icon("undo-2")}${words.undo}</button>` : nothing}
          <button class="button button--primary" type="button" @click=${() => dialog.close()}>${running
            ? _("Go on in the background") : _("Close")}</button></footer>`;
    }

    const problem = () => html`<div role="alert">${error ? html`<p class="error">${icon("circle-alert")}${error}</p>` : nothing}</div>`;

    dialog.addEventListener("close", () => {
      clearTimeout(timer);
      dialog.remove();
      if (state?.status === "RUNNING") toast(fill(_("%(count)s executions are being treated in the background."), { count: number(state.total) }));
      resolve(state !== null);
    });
    draw();
    dialog.showModal();
    attempt(async () => { preview = await post("executions/bulk/preview/", wanted); });
  });
}
