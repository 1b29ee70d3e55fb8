// Revisions, published versions and aliases of a machine: compare, restore, publish with a note, route by sliders.

import { html, nothing, render } from "lit";
import { get, put, post, remove } from "../lib/api.js";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { ago, dayClock } from "../lib/moments.js";
import { tabKeys } from "../lib/tabs.js";
import { toast } from "../lib/toasts.js";
import { ownText } from "../model/document.js";
import { createDifference } from "./difference.js";

const TABS = [["revisions", () => _("Revisions")], ["versions", () => _("Versions")], ["aliases", () => _("Aliases")]];

/** `name` of the machine, `text()` as it is in the editor now, `mayDesign`; `restore(text, number)` puts a text into the editor. */
export async function openVersions({ name, text, mayDesign, restore }) {
  const path = `machines/${encodeURIComponent(name)}/`;
  const dialog = document.createElement("dialog");
  dialog.className = "dialog dialog--full versions";
  dialog.setAttribute("aria-labelledby", "versions-title");
  let tab = "revisions";
  let data = null;
  let difference = null;
  let compared = null;

  const load = async () => {
    const [revisions, versions, aliases] = await Promise.all(["revisions/", "versions/", "aliases/"].map((one) => get(path + one)));
    data = { revisions, versions, aliases };
    draw();
  };
  /** Does something and shows what is there now; a refusal is said. */
  const does = (action) => async (event) => {
    event?.preventDefault();
    try {
      await action(event);
      await load();
    } catch (error) {
      toast(error.message, { kind: "error" });
    }
  };

  function draw() {
    render(html`<div class="versions__whole"><header class="row"><h2
      id="versions-title">${fill(_("Versions of “%(name)s”"), { name })}</h2><span class="push"></span>
        <button class="button button--quiet button--icon" type="button" aria-label=${_("Close")} @click=${() => dialog.close()}>${icon("x")}</button></header>
      <div class="tabs" role="tablist" aria-label=${_("Versions")}
        @keydown=${tabKeys}>${TABS.map(([id, label]) =>
        html`<button role="tab" type="button" aria-selected=${tab === id} tabindex=${tab === id ? 0 : -1}
        @click=${() => { tab = id; draw(); }}>${label()}${data ? html`<span class="count">${data[id].length}</span>`
        : nothing}</button>`)}</div>
      <div class="versions__body">${data ? { revisions, versions, aliases }[tab]() : html`<p class="soft">${_("Loading …")}</p>`}</div></div>`, dialog);
  }

  const revisions = () => html`<div class="versions__two"><ul
    class="versions__list">${data.revisions.map(revision)}</ul><div class="versions__difference">${compared ? nothing
    : html`<p class="soft">${_("Choose a revision to see what has changed since.")}</p>`}</div></div>`;

  function revision(row) {
    const published = data.versions.filter((one) => one.revision === row.number).map((one) => one.number);
    return html`<li class="versions__row ${compared === row.number ? "is-selected" : ""}"><div
      class="grow"><b>${fill(_("Rev. %(number)s"), { number: row.number })}</b>
        ${row.current ? html`<span class="tag tag--accent">${_("Current")}</span>`
          : nothing}${published.map((number) => html`<span
          class="tag tag--outline">${fill(_("Version %(number)s"), { number })}</span>`)}
        <p class="small muted" title=${dayClock(Date.parse(row.createdAt))}>${row.createdBy
          ?? "–"} · ${ago(Date.parse(row.createdAt))}</p>${row.comment ? html`<p class="small">${row.comment}</p>`
          : nothing}</div>
      <button class="button button--small" type="button" @click=${() => compare(row)}>${icon("git-compare")}${_("Compare")}</button>
      ${mayDesign ? html`<button class="button button--small" type="button"
        @click=${() => bringBack(row)}>${icon("rotate-ccw")}${_("Restore")}</button>` : nothing}</li>`;
  }

  const textOf = async (row) => ownText(await get(`${path}revisions/${row.number}/`));

  async function compare(row) {
    const before = await textOf(row);
    compared = row.number;
    draw();
    difference?.destroy();
    const holder = dialog.querySelector(".versions__difference");
    difference = createDifference(holder, { before, after: text(), labels: [fill(_("Rev. %(number)s"), { number: row.number }), _("In the editor now")] });
  }

  async function bringBack(row) {
    restore(await textOf(row), row.number);
    dialog.close();
  }

  const versions = () => html`${mayDesign ? html`<form class="row row--wrap versions__form" @submit=${does(async (event) => {
    const made = await post(`${path}versions/`, { description: event.target.elements.note.value });
    event.target.reset();
    toast(fill(_("Version %(number)s is published."), { number: made.number }), { kind: "success" });
  })}><label class="field grow"><span class="label">${_("Note")}</span><input class="input" name="note" maxlength="256" autocomplete="off"></label>
      <button class="button button--primary">${icon("tag")}${_("Publish the current revision")}</button></form>` : nothing}
    ${data.versions.length ? nothing
      : html`<p class="soft">${_("Nothing is published yet. A version is a revision that never changes; aliases lead to versions.")}</p>`}
    <ul class="versions__list">${data.versions.map((row) =>
      html`<li class="versions__row"><div class="grow"><b>${fill(_("Version %(number)s"),
      { number: row.number })}</b> <span class="muted small">${fill(_("Rev. %(number)s"),
      { number: row.revision })} · ${ago(Date.parse(row.createdAt))}</span>
      ${row.description ? html`<p>${row.description}</p>` : nothing}</div>${mayDesign
        ? html`<button class="button button--quiet button--icon button--small" type="button"
        aria-label=${fill(_("Delete version %(number)s"), { number: row.number })}
        @click=${does(() => remove(`${path}versions/${row.number}/`))}>${icon("trash-2")}</button>`
        : nothing}</li>`)}</ul>`;

  const aliases = () => html`${data.aliases.map((alias) => aliasForm(alias))}${mayDesign && data.versions.length ? aliasForm(null) : nothing}
    ${data.versions.length ? nothing : html`<p class="soft">${_("Publish a version first; an alias leads to one or two of them.")}</p>`}`;

  /** The form of an alias, or of a new one for null; the slider gives the second version its share. */
  function aliasForm(alias) {
    const [first, second] = alias?.routes ?? [];
    const options = (chosen, none) => html`${none ? html`<option value=""
      ?selected=${!chosen}>${_("no other")}</option>`
      : nothing}${data.versions.map((row) => html`<option value=${row.number}
      ?selected=${row.number === chosen}>${fill(_("Version %(number)s"), { number: row.number })}</option>`)}`;
    const id = alias?.name ?? "new-alias";
    const share = second?.weight ?? 0;
    const tell = (event) => { const { form } = event.target; form.querySelector("output").value = form.elements.second.value
      ? `${100 - form.elements.share.value} % / ${form.elements.share.value} %` : "100 %"; };
    const save = does(async (event) => {
      const { elements } = event.target;
      const weight = elements.second.value ? Number(elements.share.value) : 0;
      const routes = [{ version: Number(elements.first.value), weight: 100 - weight },
        ...(weight ? [{ version: Number(elements.second.value), weight }] : [])].filter((route) => route.weight);
      await put(`${path}aliases/${encodeURIComponent(elements.alias.value.trim())}/`, { routes, description: alias?.description ?? "" });
      if (!alias) event.target.reset();
      toast(_("The alias is saved."), { kind: "success" });
    });
    return html`<form class="versions__alias" @submit=${save} @input=${tell}>
      <label class="field"><span class="label">${alias ? _("Alias") : _("New alias")}</span><input class="input"
        name="alias" .value=${alias?.name ?? ""} ?readonly=${Boolean(alias) || !mayDesign} required maxlength="80"
        autocomplete="off"></label>
      <label class="field"><span class="label">${_("leads to")}</span><select class="select" name="first"
        ?disabled=${!mayDesign}>${options(first?.version, false)}</select></label>
      <label class="field"><span class="label">${_("and to")}</span><select class="select" name="second"
        ?disabled=${!mayDesign}>${options(second?.version, true)}</select></label>
      <label class="field grow"><span class="label">${_("Share of the second")}</span><input type="range"
        class="versions__slider" name="share" min="0" max="100" .value=${String(share)} ?disabled=${!mayDesign}
        aria-describedby="share-${id}"></label>
      <output id="share-${id}" class="mono">${second ? `${100 - share} % / ${share} %` : "100 %"}</output>
      ${mayDesign ? html`<button class="button">${icon("save")}${alias ? _("Save") : _("Create")}</button>${alias
        ? html`<button class="button button--quiet button--icon" type="button"
        aria-label=${fill(_("Delete the alias %(name)s"), { name: alias.name })}
        @click=${does(() => remove(`${path}aliases/${encodeURIComponent(alias.name)}/`))}>${icon("trash-2")}</button>`
        : nothing}` : nothing}</form>`;
  }

  dialog.addEventListener("close", () => { difference?.destroy(); dialog.remove(); });
  document.body.append(dialog);
  draw();
  dialog.showModal();
  await load().catch((error) => { toast(error.message, { kind: "error" }); dialog.close(); });
}
