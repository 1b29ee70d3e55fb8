// What a new state of each kind begins as.  Names come from the caller, in the person's language.  No DOM.

/** The ARN of a function of this installation. */
export const functionArn = ({ region, account }, name) => `arn:aws:lambda:${region}:${account}:function:${name}`;

/** The name of the function an ARN or a lambda:invoke state calls, or "". */
export function functionOf(state) {
  const resource = typeof state?.Resource === "string" ? state.Resource : "";
  const named = resource.includes(":lambda:invoke") ? state.Parameters?.FunctionName ?? state.Arguments?.FunctionName ?? "" : resource;
  return typeof named === "string" ? named.match(/:function:([^:/]+)/)?.[1] ?? (resource === named ? "" : named) : "";
}

const branch = (name) => ({ StartAt: name, States: { [name]: { Type: "Pass", End: true } } });

/**
 * The new state of a kind: Task, Approval, Activity, Machine, Choice, Parallel, Map, Wait, Pass, Succeed, Fail.
 * `words` names inner states ({step}) and texts ({title}); `free(base)` gives a free name; `place` = {region, account};
 * `jsonata` says in which language.
 */
export function newState(kind, { words, free, place, name = "", jsonata = false }) {
  const arn = name ? `arn:aws:states:${place.region}:${place.account}:stateMachine:${name}` : "";
  switch (jsonata ? `${kind} JSONata` : kind) {
    case "Approval JSONata": return { Type: "Task", Resource: "arn:aws:states:::approval:request",
      Arguments: { title: words.title, data: "{% $states.input %}" } };
    case "Machine JSONata": return { Type: "Task", Resource: "arn:aws:states:::states:startExecution.sync:2",
      Arguments: { StateMachineArn: arn, Input: "{% $states.input %}" } };
    case "Choice JSONata": return { Type: "Choice", Choices: [{ Condition: "{% $states.input.value > 0 %}" }] };
    case "Map JSONata": return { Type: "Map", Items: "{% $states.input.items %}",
      ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, ...branch(free(words.step)) } };
    default: return plainState(kind, { words, free, place, name, arn });
  }
}

function plainState(kind, { words, free, place, name, arn }) {
  switch (kind) {
    case "Task": return { Type: "Task", Resource: name ? functionArn(place, name) : "" };
    case "Approval": return { Type: "Task", Resource: "arn:aws:states:::approval:request",
      Parameters: { title: words.title, "data.$": "$" }, ResultPath: "$.approval" };
    case "Activity": return { Type: "Task", Resource: `arn:aws:states:${place.region}:${place.account}:activity:${name || "activity"}` };
    case "Machine": return {
      Type: "Task", Resource: "arn:aws:states:::states:startExecution.sync:2",
      Parameters: { StateMachineArn: arn, "Input.$": "$" },
    };
    case "Choice": return { Type: "Choice", Choices: [{ Variable: "$.value", NumericGreaterThan: 0 }] };
    case "Parallel": {
      const first = free(words.step);
      return { Type: "Parallel", Branches: [branch(first), branch(free(words.step, new Set([first])))] };
    }
    case "Map": return { Type: "Map", ItemsPath: "$.items", ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, ...branch(free(words.step)) } };
    case "Wait": return { Type: "Wait", Seconds: 60 };
    case "Succeed": return { Type: "Succeed" };
    case "Fail": return { Type: "Fail", Error: "Error", Cause: words.cause };
    default: return { Type: "Pass" };
  }
}
