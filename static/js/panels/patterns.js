// Ready blocks of several states, in the reader's words: what the state browser offers as patterns.

import { _ } from "../lib/i18n.js";

const task = (fields) => ({ Type: "Task", Resource: "", ...fields });
const ALL = ["States.ALL"];
const RETRY = { ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 1, MaxAttempts: 5, BackoffRate: 2, JitterStrategy: "FULL" };

/** [{kind: "Pattern", label, text, icon, look, fragment: {StartAt, States}}]. */
export const patterns = () => [retry(), breaker(), fanOut(), human(), saga(), poll()].map((entry) => ({ kind: "Pattern", look: "pass", ...entry }));

const block = (StartAt, entries) => ({ StartAt, States: Object.fromEntries(entries) });

function retry() {
  const [call, give] = [_("Call"), _("Give up")];
  return { label: _("Retry with back-off"), text: _("Wait longer each time, then give up"), icon: "repeat", fragment: block(call, [
    [call, task({ Retry: [RETRY], Catch: [{ ErrorEquals: ALL, ResultPath: "$.error", Next: give }], End: true })],
    [give, { Type: "Fail", Error: "GaveUp", Cause: _("It failed at every try.") }],
  ]) };
}

function breaker() {
  const [call, open, probe, back] = [_("Call"), _("Circuit open"), _("Probe"), _("Recovered?")];
  return { label: _("Circuit breaker"), text: _("Leave a failing service alone, then probe it"), icon: "zap", fragment: block(call, [
    [call, task({ Catch: [{ ErrorEquals: ALL, ResultPath: "$.error", Next: open }], End: true })],
    [open, { Type: "Wait", Seconds: 60, Next: probe }],
    [probe, task({ ResultPath: "$.probe", Next: back })],
    [back, { Type: "Choice", Choices: [{ Variable: "$.probe.status", StringEquals: "OK", Next: call }], Default: open }],
  ]) };
}

function fanOut() {
  const [split, each, work, gather] = [_("Split"), _("For each part"), _("Work on a part"), _("Gather")];
  return { label: _("Fan out, fan in"), text: _("Split, work at once, gather"), icon: "git-fork", fragment: block(split, [
    [split, task({ Next: each })],
    [each, { Type: "Map", ItemsPath: "$.parts", MaxConcurrency: 10, ItemProcessor: { ProcessorConfig: { Mode: "INLINE" },
      ...block(work, [[work, task({ End: true })]]) }, ResultPath: "$.results", Next: gather }],
    [gather, task({ End: true })],
  ]) };
}

function human() {
  const [ask, decided, go, refused] = [_("Ask a person"), _("Approved?"), _("Go on"), _("Rejected")];
  return { label: _("Human in the loop"), text: _("Somebody decides, then it goes on or ends"), icon: "stamp", fragment: block(ask, [
    [ask, { Type: "Task", Resource: "arn:aws:states:::approval:request",
      Parameters: { title: _("Please decide"), "data.$": "$" }, ResultPath: "$.approval", Next: decided }],
    [decided, { Type: "Choice", Choices: [{ Variable: "$.approval.approved", BooleanEquals: true, Next: go }], Default: refused }],
    [go, { Type: "Pass", End: true }],
    [refused, { Type: "Fail", Error: "Rejected", Cause: _("It was not approved.") }],
  ]) };
}

function saga() {
  const [first, second, undo, failed] = [_("Reserve"), _("Charge"), _("Cancel the reservation"), _("Undone")];
  return { label: _("Saga"), text: _("Undo what was done when a later step fails"), icon: "undo-2", fragment: block(first, [
    [first, task({ ResultPath: "$.reservation", Next: second })],
    [second, task({ ResultPath: "$.payment", Catch: [{ ErrorEquals: ALL, ResultPath: "$.error", Next: undo }], End: true })],
    [undo, task({ ResultPath: null, Retry: [RETRY], Next: failed })],
    [failed, { Type: "Fail", Error: "Undone", Cause: _("A step failed; what was done before is undone.") }],
  ]) };
}

function poll() {
  const [start, wait, ask, done] = [_("Start the job"), _("Wait a while"), _("Ask for its status"), _("Done yet?")];
  const [end, failed] = [_("Job done"), _("Job failed")];
  return { label: _("Poll until done"), text: _("Start a job and ask until it is done"), icon: "refresh-cw", fragment: block(start, [
    [start, task({ ResultPath: "$.job", Next: wait })],
    [wait, { Type: "Wait", Seconds: 30, Next: ask }],
    [ask, task({ ResultPath: "$.status", Next: done })],
    [done, { Type: "Choice", Choices: [{ Variable: "$.status.state", StringEquals: "DONE", Next: end },
      { Variable: "$.status.state", StringEquals: "FAILED", Next: failed }], Default: wait }],
    [end, { Type: "Pass", End: true }],
    [failed, { Type: "Fail", Error: "JobFailed", Cause: _("The job failed.") }],
  ]) };
}
