// The three ways to begin – blank, a definition one has, a sample – and the gallery of samples.

import { html, nothing, render } from "lit";
import { createCanvas } from "../canvas/canvas.js";
import { get } from "../lib/api.js";
import { on } from "../lib/dom.js";
import { _, plural } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { BringingError, brought, nameOf } from "../model/bringing.js";
import { askImport } from "./importing.js";
import { thumbnail } from "./thumbnail.js";

const HANDOVER = "statewright:new";

/** What the gallery leaves for the editor: {name, kind, text, note, input}; taken once. */
export function takeHandover() {
  const found = sessionStorage.getItem(HANDOVER);
  return found ? JSON.parse(found) : null;
}

/** Opens the editor with a machine that is not saved yet. */
export function begin(machine) {
  sessionStorage.setItem(HANDOVER, JSON.stringify({ name: "", kind: "STANDARD", text: "{}", note: "", ...machine }));
  location.href = "/new-machine/editor/";
}

const REASONS = {
  empty: () => _("There is nothing in it. Bring a definition in JSON."),
  large: () => _("It is larger than 2 MB; a definition may have at most 1 MB."),
  other: () => _("This is neither a state machine nor a state. A state machine is a JSON object with StartAt and States."),
};

/** Fills `element`; `hero` adds the words of the first visit. */
export function createWaysIn(element, { hero = false }) {
  let samples = null;
  let error = "";
  let search = "";
  let over = false;

  const draw = () => render(html`<div class="begin">
    ${hero ? html`<div class="begin__hero"><h2>${_("Draw your first state machine")}</h2>
      <p class="soft">${_("Definitions from AWS Step Functions run here unchanged.")}</p></div>` : nothing}
    <div class="ways">
      ${way("plus", _("Start from blank"), _("An empty canvas, and the place for the first state."), "N", () => begin({}))}
      <label class="way way--drop ${over ? "is-over" : ""}" id="import">
        <span class="way__icon">${icon("upload")}</span><kbd>Ctrl V</kbd>
        <b>${_("Bring a definition")}</b><span
          class="soft">${_("Drop a file anywhere on this page, paste, or choose one: JSON or YAML of a state machine, SAM, CloudFormation, Terraform.")}</span>
        <input class="visually-hidden" type="file" accept=".json,.asl,.txt,.yaml,.yml,.tf,.template,application/json"
          @change=${(event) => { file(event.target.files[0]); event.target.value = ""; }}>
      </label>
      ${way("sparkles", _("Build on a sample"), _("Workflows that run right away, on sample functions."), "S",
        () => element.querySelector("#samples").scrollIntoView({ behavior: "smooth" }))}
    </div>
    <div role="alert">${error ? html`<p class="note note--bad">${icon("circle-alert")}<span>${error}</span></p>` : nothing}</div>
    <section id="samples"><div class="begin__head"><h2>${_("Samples")}</h2>
      <div class="input-box push">${icon("search")}<input type="search" placeholder=${_("Find a sample")} aria-label=${_("Find a sample")} .value=${search}
        @input=${(event) => { search = event.target.value; draw(); }}></div></div>
      <div class="samples">${samples === null ? skeletons() : shown().map(card)}</div>
      ${samples?.length && !shown().length ? html`<p class="soft">${_("No sample has these words.")}</p>` : nothing}</section>
  </div>`, element);

  const way = (symbol, title, text, key, action) => html`<button class="way" type="button" @click=${action}>
    <span class="way__icon">${icon(symbol)}</span><kbd>${key}</kbd><b>${title}</b><span class="soft">${text}</span></button>`;
  const shown = () => samples.filter((sample) => `${sample.title} ${sample.description} ${sample.slug}`.toLowerCase().includes(search.toLowerCase()));
  const skeletons = () => Array.from({ length: 4 },
    () => html`<div class="sample"><div class="sample__picture"></div><div class="sample__text"><i
    class="skeleton"></i></div></div>`);
  const card = (sample) => html`<article class="sample">
    <div class="sample__picture">${thumbnail(sample.drawing, 190, 108)}</div>
    <div class="sample__text"><h3>${sample.title}</h3><p class="small muted">${sample.description}</p></div>
    <div class="sample__actions"><button class="button button--small" type="button" @click=${() => look(sample)}>${icon("eye")}${_("Look at it")}</button>
      <button class="button button--small button--quiet" type="button" @click=${() => build(sample.slug)}>${_("Build on it")}</button></div></article>`;

  async function build(slug) {
    try {
      const sample = await get(`samples/${slug}/`);
      begin({ name: `${sample.name}-2`, text: sample.definition, input: sample.input });
    } catch (failure) { say(failure); }
  }

  async function look(sample) {
    const dialog = document.createElement("dialog");
    dialog.className = "dialog dialog--wide";
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    render(html`<div><h2>${sample.title}</h2><p class="soft">${sample.description}</p><div class="preview"><div></div></div></div>
      <footer><span class="small muted" style="margin-inline-end:auto;align-self:center">${plural("%(count)s state", "%(count)s states", sample.states)}</span>
      <button class="button" type="button" @click=${() => dialog.close()}>${_("Close")}</button>
      <button class="button button--primary" type="button" @click=${() => build(sample.slug)}>${_("Build on it")}</button></footer>`, dialog);
    dialog.showModal();
    const canvas = createCanvas(dialog.querySelector(".preview > div"), { minimap: false, label: sample.title });
    canvas.update(sample.drawing);
    canvas.fit({ animate: false });
  }

  async function file(chosen) {
    if (chosen) bring(await chosen.text(), nameOf(chosen.name));
  }

  /** JSON of a machine or a state opens at once; templates and YAML are read by the server. */
  async function bring(text, name = "") {
    try {
      const own = brought(text, name || _("State"));
      if (own.note !== "broken" && !/\$\{[^{}$]*\}/.test(own.text)) { begin({ name, ...own }); return; }
    } catch (failure) {
      if (!(failure instanceof BringingError)) throw failure;
      if (failure.reason !== "other") { say(new Error(REASONS[failure.reason]())); return; }
    }
    try {
      const machine = await askImport(text, name);
      if (machine) begin(machine);
    } catch (failure) {
      if (/^\s*\{/.test(text)) begin({ name, text, note: "broken" }); // JSON that is not finished: the editor shows where
      else say(failure);
    }
  }

  function say(failure) { error = failure.message; draw(); }

  on(document, "paste", (event) => {
    if (event.target.closest("input, textarea")) return;
    const text = event.clipboardData.getData("text");
    if (text) { event.preventDefault(); bring(text); }
  });
  on(document, "dragover", (event) => { event.preventDefault(); if (!over) { over = true; draw(); } });
  on(document, "dragleave", (event) => { if (!event.relatedTarget) { over = false; draw(); } });
  on(document, "drop", (event) => { event.preventDefault(); over = false; draw(); file(event.dataTransfer.files[0]); });
  on(document, "keydown", (event) => {
    if (event.target.closest("input, textarea, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "n") begin({});
    if (event.key === "s") element.querySelector("#samples").scrollIntoView({ behavior: "smooth" });
  });
  draw();
  get("samples/").then((found) => { samples = found; draw(); }, (failure) => { samples = []; say(failure); });
}

