// What can be done with an execution from its page.

import { get, post } from "../lib/api.js";
import { download } from "../lib/dom.js";
import { _, fill } from "../lib/i18n.js";
import { toast } from "../lib/toasts.js";
import { askInDialog } from "./run-dialog.js";

const address = (run, path = "") => `executions/${run.id}/${path}`;

/** Asks for a cause and stops the execution. */
export function stopRun(run) {
  return askInDialog({
    title: fill(_("Stop %(name)s?"), run), action: _("Stop"), symbol: "circle-stop", danger: true,
    text: _("Tasks that are under way are cancelled, open requests are closed. What was done is not undone."),
    fields: [
      { name: "cause", label: _("Cause (optional)"), kind: "area", hint: _("Kept in the history, for those who look later.") },
      { name: "error", label: _("Error name (optional)"), kind: "text" },
    ],
    send: (values) => post(address(run, "stop/"), values),
  });
}

/** Asks on which definition, and lets an execution that has ended badly go on. */
export async function redriveRun(run) {
  const { openRedriveDialog } = await import("./redrive-dialog.js");
  return openRedriveDialog(run);
}

/** Starts the same machine with the same input and goes to the new execution. */
export async function runAgain(run) {
  try {
    const started = await post(`machines/${encodeURIComponent(run.machine.name)}/executions/`,
      { input_text: run.previews.input ? await wholePayload(run, "input") : run.input });
    location.assign(`/executions/${started.id}/`);
  } catch (error) {
    toast(error.message, { kind: "error" });
  }
}

/** The same, with an input and a name typed by hand; the code editor is read only when it is wanted. */
export async function runAgainEdited(run) {
  const { openStartDialog } = await import("./start-dialog.js");
  openStartDialog({ name: run.machine.name, inputText: run.previews.input ? await wholePayload(run, "input") : run.input });
}

/** The input or output of an execution as text; what is large is not part of the page. */
async function wholePayload(run, name) {
  return JSON.stringify(await get(address(run, `payloads/${name}/`)));
}

/** Completes or fails a task that waits for its token; `how` is "success" or "failure". */
export async function answerTask(run, task, how) {
  const done = await askInDialog(how === "success" ? completing(run, task) : failing(run, task));
  if (done) toast(how === "success" ? _("The task was completed.") : _("The task was failed."), { kind: "success" });
}

function completing(run, task) {
  return {
    title: _("Complete the task"), action: _("Complete"),
    text: _("What is entered here becomes the result of the task, as if its worker had sent it."),
    fields: [{ name: "output", label: _("Output (JSON)"), kind: "json", value: "{}" }],
    send: (values) => post(address(run, `tasks/${task.ask}/success/`), values),
  };
}

function failing(run, task) {
  return {
    title: _("Fail the task"), action: _("Fail"), symbol: "x", danger: true,
    text: _("The state fails with this error; its retriers and catchers apply."),
    fields: [
      { name: "error", label: _("Error name"), kind: "text" },
      { name: "cause", label: _("Cause"), kind: "area" },
    ],
    send: (values) => post(address(run, `tasks/${task.ask}/failure/`), values),
  };
}

const PAGE = 2_000;

/** Saves the execution with its whole history as a file. */
export async function exportRun(run) {
  const away = toast(_("Collecting the history …"), { kind: "running" });
  try {
    const { drawing: _drawing, may: _may, ...execution } = await get(address(run));
    const events = await wholeHistory(run);
    download(JSON.stringify({ execution, events }, null, 2), `${run.name}.json`, "application/json");
  } catch (error) {
    toast(error.message, { kind: "error" });
  } finally {
    away();
  }
}

async function wholeHistory(run) {
  const events = [];
  for (let after = 0, more = true; more;) {
    const page = await get(address(run, `events/?whole=true&after=${after}&limit=${PAGE}`));
    events.push(...page.events);
    after = page.last;
    more = page.more;
  }
  return events;
}
