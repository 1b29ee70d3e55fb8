// A function's page: the code editor, rows of variables, saving and testing without leaving the page.

import { get, post, put } from "../lib/api.js";
import { codeEditor } from "../lib/code-editor.js";
import { announce } from "../lib/dom.js";
import { _ } from "../lib/i18n.js";
import { toast } from "../lib/toasts.js";
import { followLog } from "../panels/log-follow.js";

const page = document.querySelector("[data-function]");
const name = page.dataset.function;
const form = document.querySelector("#function-form");
const test = page.querySelector("[data-test]");
const event = test?.querySelector("#event");
const maySave = page.hasAttribute("data-may-save");
let dirty = false;

const editor = codeEditor(form.elements.source, {
  language: "python", onChange: changed,
  keys: [
    { key: "Mod-s", preventDefault: true, run: () => { save(); return true; } },
    { key: "Mod-Enter", preventDefault: true, run: () => { test?.requestSubmit(); return true; } },
  ],
});
variables(page.querySelector("[data-environment]"));
form.addEventListener("input", changed);
form.addEventListener("submit", () => { dirty = false; });
addEventListener("beforeunload", (leaving) => { if (dirty) leaving.preventDefault(); });
addEventListener("keydown", saveKey);
if (test) testing();
const log = page.querySelector("[data-log]");
if (log) followLog(log, name);
if (["waiting", "installing"].includes(page.querySelector("[data-packages]")?.dataset.packages)) packages();

function changed() {
  if (!maySave) return;
  dirty = true;
  labelTest();
}

function labelTest() {
  const label = test?.querySelector("[data-test-label]");
  if (label) label.textContent = dirty && maySave ? label.dataset.saveAndTest : label.dataset.onlyTest;
}

function saveKey(pressed) {
  if ((pressed.metaKey || pressed.ctrlKey) && pressed.key === "s" && !pressed.defaultPrevented) {
    pressed.preventDefault();
    save();
  }
}

/** Save through REST; true when it was saved.  A new function or a zip goes the form's way. */
async function save() {
  if (!maySave) return false;
  if (!test || form.elements.zip_file?.files.length) { form.requestSubmit(); return false; }
  const { elements } = form;
  problems([]);
  try {
    await put(`functions/${encodeURIComponent(name)}/`, {
      ...(editor.text.trim() ? { source: editor.text } : {}), description: elements.description.value, handler: elements.handler.value,
      timeout: Number(elements.timeout.value), memory: Number(elements.memory.value), environment: environment(),
      concurrency: elements.concurrency.value === "" ? null : Number(elements.concurrency.value),
      ...(elements.requirements ? { requirements: elements.requirements.value } : {}),
    });
    packages();
  } catch (error) {
    refused(error);
    return false;
  }
  dirty = false;
  labelTest();
  page.ownerDocument.querySelector("[data-saved]").textContent = _("Saved just now");
  announce(_("Saved."));
  return true;
}

/** What pip does for the function, looked at until it is done. */
async function packages() {
  const box = page.querySelector("[data-packages]");
  if (!box) return;
  const words = { waiting: _("The packages are being installed; calls wait for them."),
    failed: _("The packages could not be installed."), ready: _("The packages are installed.") };
  for (let state = "waiting"; state === "waiting" || state === "installing";) {
    const found = await get(`functions/${encodeURIComponent(name)}/tail/?after=${Date.now()}`).catch(() => null);
    if (!found) return;
    ({ state } = found.packages);
    box.dataset.packages = state;
    box.textContent = words[state === "installing" ? "waiting" : state] ?? "";
    if (found.packages.log) box.append(Object.assign(document.createElement("pre"), { className: "log box", tabIndex: 0, textContent: found.packages.log }));
    await new Promise((done) => { setTimeout(done, 1000); });
  }
}

function refused(error) {
  problems([error.message]);
  if (error.body?.line) editor.mark(error.body.line, error.body.column ?? 1, error.message);
  announce(error.message);
}

function problems(messages) {
  const box = page.querySelector("[data-problems]");
  box.replaceChildren(...messages.map((message) => Object.assign(document.createElement("p"), { className: "error", textContent: message })));
  if (!messages.length) editor.clear();
}

function environment() {
  const values = [...form.querySelectorAll('[name="env_value"]')].map((input) => input.value);
  const names = [...form.querySelectorAll('[name="env_name"]')].map((input) => input.value.trim());
  return Object.fromEntries(names.map((variable, at) => [variable, values[at]]).filter(([variable]) => variable));
}

/** Rows of variables: add one, remove one. */
function variables(box) {
  const add = page.querySelector("[data-add-variable]");
  const blank = box.lastElementChild.cloneNode(true);
  [...box.children].filter((row) => !row.querySelector("input").value).forEach((row) => row.remove()); // for those without JavaScript
  const removable = () => box.querySelectorAll("[data-remove-variable]").forEach((button) => { button.hidden = !maySave; });
  add.hidden = !maySave;
  removable();
  add.addEventListener("click", () => {
    const row = blank.cloneNode(true);
    row.querySelectorAll("input").forEach((input) => { input.value = ""; });
    box.append(row);
    removable();
    row.querySelector("input").focus();
  });
  box.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-remove-variable]");
    if (!button) return;
    button.parentElement.remove();
    changed();
  });
}

/** The test runs what is in the editor: it is saved first when it has changed.  The event is kept in this browser. */
function testing() {
  const key = `statewright:event:${name}`;
  if (event.value.trim() === "{}") event.value = localStorage.getItem(key) ?? event.value;
  event.addEventListener("keydown", (pressed) => {
    if (pressed.key === "Enter" && (pressed.ctrlKey || pressed.metaKey)) test.requestSubmit();
  });
  test.addEventListener("submit", async (submitted) => {
    submitted.preventDefault();
    const value = parsed();
    if (value === undefined) return;
    localStorage.setItem(key, event.value);
    const button = test.querySelector("button");
    button.dataset.busy = "";
    if (!dirty || (await save())) await call(value);
    delete button.dataset.busy;
  });
}

function parsed() {
  const box = test.querySelector("#event-error");
  let message = "";
  let value;
  try {
    value = JSON.parse(event.value.trim() || "{}");
  } catch (error) {
    message = `${_("This is no JSON.")} ${error.message}`;
  }
  box.hidden = !message;
  box.querySelector("span").textContent = message;
  event.toggleAttribute("aria-invalid", Boolean(message));
  if (message) { event.setAttribute("aria-invalid", "true"); event.focus(); }
  return value;
}

async function call(value) {
  const box = page.querySelector("[data-result]");
  try {
    const result = await post(`functions/${encodeURIComponent(name)}/invoke/`, { event: value });
    show(box, result);
    announce(result.error ?? _("Succeeded"));
    recentCalls();
  } catch (error) {
    box.replaceChildren();
    toast(error.message, { kind: "error" });
  }
}

function show(box, result) {
  const template = page.querySelector("#result-template").content.cloneNode(true);
  const set = (part, text) => { template.querySelector(`[data-part="${part}"]`).textContent = text; };
  template.querySelector(result.error ? ".chip--succeeded" : ".chip--failed").remove();
  set("error", result.error ?? "");
  set("duration", `${result.durationMs.toFixed(1)} ms${result.cold ? ` · ${_("cold start")}` : ""}`);
  set("payload", result.error ? pretty(result.cause ?? "") : pretty(result.payload ?? "null"));
  set("log", result.log || "–");
  box.replaceChildren(template);
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The list of calls as the server draws it, once the call has been written down. */
async function recentCalls() {
  await new Promise((done) => { setTimeout(done, 700); });
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-recent]");
  if (fresh) page.querySelector("[data-recent]").replaceWith(document.adoptNode(fresh));
}
