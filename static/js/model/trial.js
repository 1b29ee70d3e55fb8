// Testing states one after the other: what goes into the next, what stands for its result, which stages there are.  No DOM.

/** The stages of AWS's inspectionData in the order in which the data goes through. */
export const STAGES = ["input", "afterInputPath", "afterItemsPath", "afterItemSelector", "afterItemBatcher",
  "afterParameters", "afterArguments", "request", "response",
  "result", "afterResultSelector", "afterResultPath"];

/** [{name, text, same}] of an answer; `same` says that the data is that of the stage before. The output comes last. */
export function stagesOf({ stages, output }) {
  const known = STAGES.filter((name) => name in stages).map((name) => ({ name, text: textOf(stages[name]) }));
  const others = Object.keys(stages).filter((name) => !STAGES.includes(name)).map((name) => ({ name, text: textOf(stages[name]) }));
  const all = [...known, ...others, ...(output === null || output === undefined ? [] : [{ name: "output", text: output }])];
  return all.map((stage, index) => ({ ...stage, same: index > 0 && plain(all[index - 1].text) === plain(stage.text) }));
}

const textOf = (value) => (typeof value === "string" ? value : JSON.stringify(value));

function plain(text) {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** Whether a state does something that a mock can stand for. */
export const mayBeMocked = (state) => ["Task", "Parallel", "Map"].includes(state?.Type);

/** Whether only a mock can stand for it here: it would start executions, wait for people, or hold other states. */
export function mustBeMocked(state) {
  if (state?.Type === "Parallel" || state?.Type === "Map") return true;
  return state?.Type === "Task" && /:activity:|\.sync(:2)?$|\.waitForTaskToken$|:approval:request$/.test(String(state.Resource));
}

/** What a mocked result looks like at first, as JSON text. */
export function firstResult(state) {
  if (state?.Type === "Parallel") return JSON.stringify((state.Branches ?? []).map(() => ({})));
  if (state?.Type === "Map") return "[]";
  if (/:approval:request/.test(String(state?.Resource))) return '{\n  "decision": "APPROVED",\n  "form": {}\n}';
  return /:states:::lambda:invoke/.test(String(state?.Resource)) ? '{\n  "StatusCode": 200,\n  "Payload": {}\n}' : "{}";
}

/** The question for POST test-state/. `mock` = {kind: "call" | "result" | "error", result, error, cause}. */
export function question(definition, name, { input, variables, mock }) {
  const asked = { definition: JSON.stringify(definition), state: name, input: input.trim() || "{}" };
  if (variables.trim() && variables.trim() !== "{}") asked.variables = variables;
  if (mock.kind === "result") asked.mock = { result: mock.result };
  if (mock.kind === "error") asked.mock = { errorOutput: { error: mock.error, ...(mock.cause ? { cause: mock.cause } : {}) } };
  return asked;
}
