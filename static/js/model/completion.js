// What can be written at a place of a definition: fields, types, states, errors.  No DOM.

import { pointerAt, steps } from "./json.js";
import { at, TYPES } from "./states.js";

const COMMON = ["Type", "Comment", "QueryLanguage", "InputPath", "OutputPath", "Output", "Assign", "Next", "End"];
const WORK = ["Parameters", "Arguments", "ResultSelector", "ResultPath", "Retry", "Catch"];
const FIELDS = {
  Task: [...COMMON, "Resource", ...WORK, "TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath", "Credentials"],
  Parallel: [...COMMON, "Branches", ...WORK],
  Map: [...COMMON, "ItemProcessor", "ItemsPath", "Items", "ItemSelector", "ItemReader", "ItemBatcher", "ResultWriter", "MaxConcurrency", "Label",
    "ToleratedFailureCount", "ToleratedFailurePercentage", ...WORK],
  Choice: ["Type", "Comment", "QueryLanguage", "InputPath", "OutputPath", "Output", "Assign", "Choices", "Default"],
  Wait: [...COMMON, "Seconds", "SecondsPath", "Timestamp", "TimestampPath"],
  Pass: [...COMMON, "Result", "Parameters", "ResultPath"],
  Succeed: ["Type", "Comment", "QueryLanguage", "InputPath", "OutputPath", "Output"],
  Fail: ["Type", "Comment", "QueryLanguage", "Error", "ErrorPath", "Cause", "CausePath"],
};
const OPERATORS = ["String", "Numeric", "Timestamp"].flatMap((kind) =>
  ["Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"].flatMap((sign) => [`${kind}${sign}`, `${kind}${sign}Path`]));
const RULE = ["Variable", ...OPERATORS, "BooleanEquals", "BooleanEqualsPath", "StringMatches", "IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean",
  "IsTimestamp", "And", "Or", "Not", "Condition", "Next", "Comment", "Assign", "Output"];
const NESTED = {
  Retry: ["ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy", "Comment"],
  Catch: ["ErrorEquals", "Next", "ResultPath", "Comment", "Assign", "Output"],
  Choices: RULE, And: RULE, Or: RULE,
};
export const ERRORS = ["States.ALL", "States.TaskFailed", "States.Timeout", "States.HeartbeatTimeout", "States.Permissions", "States.DataLimitExceeded",
  "States.Runtime", "States.BranchFailed", "States.NoChoiceMatched", "States.IntrinsicFailure", "States.ExceedToleratedFailureThreshold",
  "States.ItemReaderFailed", "States.ResultWriterFailed", "States.ResultPathMatchFailure", "States.ParameterPathFailure",
  "Lambda.ServiceException", "Lambda.TooManyRequestsException", "Lambda.Unknown"];
export const INTRINSICS = ["States.Format('')", "States.StringToJson()", "States.JsonToString()", "States.Array()",
  "States.ArrayContains()", "States.ArrayGetItem()",
  "States.ArrayLength()", "States.ArrayPartition()", "States.ArrayRange()", "States.ArrayUnique()", "States.JsonMerge()", "States.MathAdd()",
  "States.MathRandom()", "States.StringSplit()", "States.Hash()", "States.Base64Encode()", "States.Base64Decode()", "States.UUID()"];
export const CONTEXT = ["$$.Execution.Id", "$$.Execution.Input", "$$.Execution.Name", "$$.Execution.StartTime", "$$.Execution.RoleArn", "$$.State.Name",
  "$$.State.EnteredTime", "$$.State.RetryCount", "$$.StateMachine.Id", "$$.StateMachine.Name", "$$.Task.Token", "$$.Map.Item.Index", "$$.Map.Item.Value"];
const BLOCK = ["Comment", "StartAt", "States"];

/** Member names for the object at the path. */
export function fieldsFor(definition, path) {
  if (!path.length) return [...BLOCK, "TimeoutSeconds", "Version", "QueryLanguage"];
  const parent = path.at(-2);
  const last = path.at(-1);
  if (parent === "States") {
    const type = at(definition, path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""))?.Type;
    return FIELDS[type] ?? COMMON;
  }
  if (typeof parent === "string" && /^\d+$/.test(last) && NESTED[parent]) return NESTED[parent];
  if (last === "Not") return RULE;
  if (last === "ItemProcessor" || last === "Iterator" || parent === "Branches") return [...BLOCK, "ProcessorConfig"];
  if (last === "ProcessorConfig") return ["Mode", "ExecutionType"];
  return [];
}

/** Values for a member at the path: {label, detail} each. `functions` are the ARNs that exist here, `paths` those into the
 * data of the state. */
export function valuesFor(definition, path, functions, paths = []) {
  const field = path.at(-1);
  const states = () => Object.keys(at(definition, blockPointer(path))?.States ?? {});
  if (["Next", "Default", "StartAt"].includes(field)) return states()
    .map((label) => ({ label, detail: at(definition, blockPointer(path)).States[label]?.Type }));
  if (field === "Type") return TYPES.map((label) => ({ label }));
  if (field === "Resource") return [...functions, "arn:aws:states:::approval:request", "arn:aws:states:::lambda:invoke",
    "arn:aws:states:::lambda:invoke.waitForTaskToken",
    "arn:aws:states:::states:startExecution", "arn:aws:states:::states:startExecution.sync:2"].map((label) => ({ label }));
  if (field === "QueryLanguage") return [{ label: "JSONPath" }, { label: "JSONata" }];
  if (field === "JitterStrategy") return [{ label: "FULL" }, { label: "NONE" }];
  if (field === "Mode") return [{ label: "INLINE" }, { label: "DISTRIBUTED" }];
  if (path.at(-2) === "ErrorEquals") return ERRORS.map((label) => ({ label }));
  if (String(field).endsWith(".$") || /Path$|^Variable$/.test(field)) return [...paths, ...[...INTRINSICS, ...CONTEXT].map((label) => ({ label }))];
  return [];
}

function blockPointer(path) {
  const depth = path.lastIndexOf("States");
  const block = path.at(-1) === "StartAt" ? path.slice(0, -1) : path.slice(0, depth);
  return block.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The path of the place at an offset of a text that can be read. */
export const pathAt = (tree, offset) => steps(pointerAt(tree, offset));
