// The tab "Lens": what the data lens knows of the data at a state, where results are known from, the sample.

import { html, nothing } from "lit";
import { copy } from "../lib/clipboard.js";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { toast } from "../lib/toasts.js";
import { isKnown, step, wordOf } from "../model/shapes.js";
import { jsonField } from "./fields.js";

const KINDS = { null: "null", boolean: _("true or false"), number: _("number"), string: _("text"), array: _("array"), object: _("object") };

/**
 * `one.lens` = {seen, sample, saved, pinned, onSample(text), onChange(body)}; seen as the server tells it, null while it
 * is not known.  The sample stands in one place of the template, so that an answer never takes the field away.
 */
export function shapesForm(one) {
  const { seen } = one.lens;
  return html`${seen ? shapes(one, seen) : html`<p class="soft">${_("No data comes to this state.")}</p>`}
    ${sampleField(one)}`;
}

function shapes({ state, lens, readOnly, name }, seen) {
  const { stages } = seen;
  const handed = state.Type === "Map" ? _("What an item gets") : _("What it sends");
  const variables = Object.entries(seen.variables);
  return html`${seen.ghost ? html`<p class="note">${icon("eye-off")}
      <span>${_("The sample does not come to this state. This is data like it.")}</span></p>` : nothing}
    ${shape(_("Before"), seen.before)}
    ${stages.arguments && state.Type !== "Pass" ? shape(handed, stages.arguments, false) : nothing}
    ${stages.result && state.Type !== "Pass" ? shape(_("Result"), stages.result) : nothing}
    ${origin({ lens, readOnly, name }, seen)}
    ${state.Type === "Fail" ? nothing : shape(_("After"), seen.after)}
    ${variables.length ? html`<section class="shape"><h3>${_("Variables")}</h3>
      <ul class="shape__list">${variables.map(([key, node]) => row(`$${key}`, node, `$${key}`))}</ul></section>` : nothing}`;
}

const shape = (title, node, open = true) => html`<section class="shape"><details ?open=${open}>
  <summary><h3>${title}</h3></summary>
  <ul class="shape__list">${node.fields ? rows(node, "$") : row("$", node, "$")}</ul></details></section>`;

function rows(node, path) {
  const fields = Object.entries(node.fields);
  if (!fields.length && !node.open) return html`<li class="shape__row muted">${_("an empty object")}</li>`;
  return html`${fields.map(([name, field]) => row(name, field, path + step(name)))}
    ${node.open ? html`<li class="shape__row muted">${_("… and whatever else there is")}</li>` : nothing}`;
}

function row(name, node, path) {
  const inner = node.fields ?? node.items?.fields;
  const value = html`<span class="shape__value ${isKnown(node) ? "is-known" : ""}"
    >${node.unknown ? _("unknown") : wordOf(node)}</span>${badge(node)}`;
  const label = fill(_("Copy %(path)s"), { path });
  if (!inner) {
    return html`<li class="shape__row" title=${kindsOf(node)}><button class="shape__name" type="button" title=${label}
      @click=${() => copyPath(path)}>${name}</button>${value}</li>`;
  }
  const open = node.sure !== "unsure" && path.split(/[.[]/).length < 4;
  return html`<li class="shape__item"><details ?open=${open}>
    <summary class="shape__row" title=${kindsOf(node)}><span class="shape__name">${name}</span>${value}</summary>
    <ul class="shape__list">${node.fields ? rows(node, path) : rows(node.items, `${path}[0]`)}</ul></details>
    <button class="button button--quiet button--icon button--small shape__copy" type="button" title=${label}
      aria-label=${label} @click=${() => copyPath(path)}>${icon("copy")}</button></li>`;
}

const kindsOf = (node) => (node.unknown ? _("Nobody knows what this is.") : node.kinds.map((kind) => KINDS[kind]).join(" | "));

function badge({ missing, sure }) {
  if (missing) {
    const told = fill(_("missing in %(missing)s of %(times)s"), { missing: missing[0], times: missing[1] });
    return html`<span class="shape__badge">${told}</span>`;
  }
  if (sure === "sometimes") return html`<span class="shape__badge">${_("missing at times")}</span>`;
  return sure === "unsure" ? html`<span class="muted">${_("optional")}</span>` : nothing;
}

async function copyPath(path) {
  toast(await copy(path) ? fill(_("Copied: %(path)s"), { path }) : _("The browser did not let this page copy."));
}

const ORIGINS = {
  executions: _("Learned from past executions."), sample: _("Said by a sample."),
  "service model": _("From the service's own description."), integration: _("From the description of the integration."),
};

/** Where the result is known from, and what can be done about it. */
function origin({ lens, readOnly, name }, seen) {
  if (!seen.subject) return nothing;
  const change = (body) => () => lens.onChange({ subject: seen.subject, ...body });
  const say = (value) => { if (value !== undefined) change({ do: "sample", value: JSON.stringify(value) })(); return ""; };
  const own = seen.origin === "executions" || seen.origin === "sample";
  const button = (symbol, label, body, pressed = nothing) => html`<button class="button button--small" type="button"
    aria-pressed=${pressed} @click=${change(body)}>${icon(symbol)}${label}</button>`;
  return html`<div class="shape__origin"><p class="hint">${ORIGINS[seen.origin] ?? _("Nobody knows yet what this returns.")}
      <span class="mono break">${seen.subject}</span></p>
    ${readOnly || !lens.saved ? nothing : html`<div class="row row--tight">
      ${button("history", _("Learn from executions"), { do: "learn" })}
      ${own ? html`${button("lock", lens.pinned ? _("Pinned") : _("Pin"), { do: lens.pinned ? "unpin" : "pin" }, lens.pinned)}
        ${button("trash-2", _("Forget"), { do: "forget" })}` : nothing}</div>
      ${jsonField({
        name: `${name} result sample`, label: _("A sample of the result"), value: undefined, rows: 2,
        placeholder: '{ "price": 1200 }', onChange: say,
      })}`}</div>`;
}

const sampleField = (one) => jsonField({
  name: "sample input", label: _("Sample input of the state machine"), value: parsed(one.lens.sample), rows: 3,
  placeholder: '{ "order": { "id": 7 } }',
  hint: _("The data at each state, completion of paths and problems follow from it. Empty: what past executions got."),
  onChange: (value) => { one.lens.onSample(value === undefined ? null : JSON.stringify(value)); return ""; },
});

function parsed(text) {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
