// Error handling: retriers and catchers, each a box, in order.

import { html, nothing } from "lit";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { ERRORS } from "../model/completion.js";
import { setField } from "../model/edits.js";
import { delays } from "../model/retrying.js";
import { peers } from "../model/states.js";
import { jsonataField } from "./expressions.js";
import { box, jsonField, numberField, selectField, targetField, textField, tool } from "./fields.js";

const inSeconds = (wait) => fill(_("%(s)s s"), { s: Math.round(wait * 10) / 10 });
const listed = (text) => text.split(/[,、\s]+/).filter(Boolean);

export function errorsForm(context) {
  const { name, state, edit, readOnly, definition } = context;
  const retriers = Array.isArray(state.Retry) ? state.Retry : [];
  const catchers = Array.isArray(state.Catch) ? state.Catch : [];
  const ways = peers(definition, name);
  const writeRetry = (next) => { edit(setField(name, "Retry", next.length ? next : undefined), _("Retry")); return ""; };
  const writeCatch = (next) => { edit(setField(name, "Catch", next.length ? next : undefined), _("Catch")); return ""; };
  const newRetrier = { ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 2 };
  const newCatcher = { ErrorEquals: ["States.ALL"], ...(context.jsonata ? {} : { ResultPath: "$.error" }), Next: ways.find((way) => way !== name) ?? "" };
  return html`${head(_("Retry, in order"), _("Add a retrier"), () => writeRetry([...retriers, newRetrier]), readOnly)}
    ${retriers.map((retrier, index) => retrierBox({ name, retrier, index, list: retriers, write: writeRetry, readOnly }))}
    ${retriers.length ? nothing : html`<p class="soft">${_("An error is not tried again.")}</p>`}
    ${head(_("Catch, in order"), _("Add a catcher"), () => writeCatch([...catchers, newCatcher]), readOnly)}
    ${catchers.map((catcher, index) => catcherBox({ name, catcher, index, list: catchers, write: writeCatch, ways, readOnly, jsonata: context.jsonata }))}
    ${catchers.length ? nothing : html`<p class="soft">${_("An error ends the execution.")}</p>`}`;
}

const head = (title, action, add, readOnly) => html`<div class="row"><span class="label">${title}</span><span class="push"></span>${readOnly ? nothing : html`
  <button class="button button--quiet button--small" type="button" @click=${add}>${icon("plus")}${action}</button>`}</div>`;

function tools(list, index, write, title) {
  const move = (to) => write(list.toSpliced(index, 1).toSpliced(to, 0, list[index]));
  return html`${tool("chevron-up", _("Move up"), () => move(index - 1), index === 0)}${tool("chevron-down",
    _("Move down"), () => move(index + 1), index === list.length - 1)}
    ${tool("trash-2", title, () => write(list.toSpliced(index, 1)))}`;
}

const without = (object, key) => Object.fromEntries(Object.entries(object).filter(([member]) => member !== key));
const withMember = (object, key, value) => (value === undefined || value === "" ? without(object, key) : { ...object, [key]: value });

const errorsField = (id, entry, put, readOnly) => textField({
  name: `${id} errors`, label: _("Errors"), value: (entry.ErrorEquals ?? []).join(", "), options: ERRORS, code: true, readOnly,
  onChange: (text) => (listed(text).length ? put({ ...entry, ErrorEquals: listed(text) }) : _("Name at least one error; States.ALL is any.")),
});

const commentOf = (id, entry, put, readOnly) => textField({ name: `${id} comment`, label: _("Comment"),
  value: entry.Comment, readOnly, onChange: (text) => put(withMember(entry, "Comment", text)) });

function retrierBox({ name, retrier, index, list, write, readOnly }) {
  const id = `${name} retry ${index}`;
  const put = (next) => write(list.with(index, next));
  const number = (key, label, unit, whole = true, least = 0, placeholder = "") =>
    numberField({ name: `${id} ${key}`, label, value: retrier[key], unit, whole, least, placeholder, readOnly,
    onChange: (value) => put(withMember(retrier, key, value)) });
  return box({
    title: (retrier.ErrorEquals ?? []).join(", ") || "?", tools: readOnly ? nothing : tools(list, index, write, _("Remove the retrier")), open: list.length < 3,
    body: html`${errorsField(id, retrier, put, readOnly)}
      <div class="field-pair">${number("IntervalSeconds", _("First after"), _("s"), true, 1,
        "1")}${number("MaxAttempts", _("Tries more"), "", true, 0, "3")}</div>
      <div class="field-pair">${number("BackoffRate", _("Then times"), "×", false, 1, "2")}${number("MaxDelaySeconds",
        _("At most"), _("s"), true, 1, _("none"))}</div>
      ${selectField({ name: `${id} jitter`, label: _("Jitter"), value: retrier.JitterStrategy ?? "NONE", readOnly,
        options: [{ value: "NONE", label: _("None: always the same waits") },
        { value: "FULL", label: _("Full: a random part of each wait") }],
        onChange: (value) => put(withMember(retrier, "JitterStrategy", value === "NONE" ? undefined : value)) })}
      ${preview(retrier)}${commentOf(id, retrier, put, readOnly)}`,
  });
}

/** The waits, one after the other, as a small picture and in words. */
function preview(retrier) {
  const waits = delays(retrier);
  if (!waits.length) return html`<p class="hint">${_("It is not tried again.")}</p>`;
  const total = waits.reduce((sum, wait) => sum + wait, 0);
  return html`<div class="waits" aria-hidden="true">${waits.slice(0, 8)
    .map((wait) => html`<i class="waits__try"></i><span class="waits__gap"
    style="flex-grow:${Math.sqrt(wait)}">${inSeconds(wait)}</span>`)}<i class="waits__try"></i></div>
    <p class="hint">${fill(_("Waits in all: %(time)s"), { time: inSeconds(total) })}</p>`;
}

function catcherBox({ name, catcher, index, list, write, ways, readOnly, jsonata }) {
  const id = `${name} catch ${index}`;
  const put = (next) => write(list.with(index, next));
  return box({
    title: (catcher.ErrorEquals ?? []).join(", ") || "?", tools: readOnly ? nothing : tools(list, index, write, _("Remove the catcher")),
    body: html`${errorsField(id, catcher, put, readOnly)}${jsonata ? nothing
      : textField({ name: `${id} path`, label: _("Put the error at"), value: catcher.ResultPath === null ? "null"
      : catcher.ResultPath, code: true, readOnly, placeholder: "$",
      onChange: (text) => put(withMember(catcher, "ResultPath", text === "null" ? null : text)) })}
      ${(jsonata ? jsonataField : jsonField)({ name: `${id} assign`, label: _("Variables (Assign)"),
        value: catcher.Assign, rows: 2, readOnly, onChange: (value) => put(withMember(catcher, "Assign", value)) })}
      ${jsonata ? jsonataField({ name: `${id} output`, label: "Output", value: catcher.Output, readOnly,
        placeholder: "$states.errorOutput", onChange: (value) => put(withMember(catcher, "Output", value)) }) : nothing}
      ${commentOf(id, catcher, put, readOnly)}`,
    foot: targetField({ name: `${id} next`, label: _("then"), value: catcher.Next, peers: ways, own: name, readOnly,
      onChange: (target) => put({ ...catcher, Next: target }) }),
  });
}
