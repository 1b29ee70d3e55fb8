// What a row of the event list says, without words: the page puts it into the person's language.

import { details } from "./progress.js";
import { time } from "./visits.js";

const FAILURES = /(Failed|TimedOut|Aborted)$/;
const WAITS = /(Scheduled|Started|Submitted)$/;

/** The standing an event tells of, or null: failed, timedout, aborted, succeeded, caught, waiting, running. */
export function statusOf(event, visit) {
  const { type } = event;
  if (type.endsWith("Failed") || type === "FailStateEntered") return "failed";
  if (type.endsWith("TimedOut")) return "timedout";
  if (type.endsWith("Aborted")) return "aborted";
  if (type.endsWith("StateExited")) return visit?.status === "caught" ? "caught" : "succeeded";
  if (type === "ExecutionSucceeded") return "succeeded";
  if (type.endsWith("Submitted") && visit?.asks) return "waiting";
  if (type.endsWith("Started") && visit?.open && visit.trying && type !== "MapIterationStarted") return "running";
  return null;
}

/** ms since the event it follows; null for the first events. */
export function sinceCause(event, events) {
  const cause = events[event.previousEventId - 1];
  return cause ? Math.max(0, time(event) - time(cause)) : null;
}

/** The event as an object for its row: {id, type, state, status, time, after, size, error, cause, resource,
 *  timeout, count, index, worker, mapRun, took, next}; absent facts are undefined. */
export function factsOf(event, progress) {
  const visit = progress.visitOf(event.id);
  const found = details(event);
  const text = found.input ?? found.output ?? found.parameters;
  return {
    id: event.id, type: event.type, state: visit?.name ?? "", status: statusOf(event, visit), time: time(event),
    after: sinceCause(event, progress.events),
    size: text === undefined ? undefined : sizeOf(event, found), direction: directionOf(found),
    error: found.error, cause: found.cause, resource: resourceOf(found), timeout: found.timeoutInSeconds,
    count: found.length, index: found.index, worker: found.workerName, mapRun: found.mapRunArn,
    took: event.type.endsWith("StateExited") && visit ? visit.duration(time(event)) : undefined,
  };
}

function directionOf(found) {
  return ["input", "output", "parameters"].find((name) => found[name] !== undefined);
}

function sizeOf(event, found) {
  const name = directionOf(found);
  return event.previews?.[name] ?? found[name].length;
}

/** "lambda:invoke" of a service, the last part of a function's or activity's ARN. */
function resourceOf({ resource, resourceType }) {
  if (!resource) return undefined;
  return resourceType ? `${resourceType}:${resource}` : resource.split(":").pop();
}

/** Whether an event tells of trouble or of another try. */
export function isTrouble(event, progress) {
  if (FAILURES.test(event.type) || event.type === "FailStateEntered") return true;
  const visit = progress.visitOf(event.id);
  return WAITS.test(event.type) && Boolean(visit) && visit.tries.length > 1 && visit.tries.some((one, index) => index > 0 && one.event === event.id);
}

/** The events that fit: {text, type, state, trouble, found}; text is looked for in type, state and data, of which the
 *  page may have the beginning only: `found` is a set of ids known to have it elsewhere, or null. */
export function filterEvents(progress, { text = "", type = "", state = "", trouble = false, found = null }) {
  if (!text && !type && !state && !trouble) return progress.events;
  const wanted = text.toLowerCase();
  return progress.events.filter((event) => {
    if (type && event.type !== type) return false;
    const name = progress.visitOf(event.id)?.name ?? "";
    if (state && name !== state) return false;
    if (trouble && !isTrouble(event, progress)) return false;
    return !wanted || Boolean(found?.has(event.id)) || says(event, name, wanted);
  });
}

function says(event, name, wanted) {
  if (event.type.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted)) return true;
  if (String(event.id) === wanted) return true;
  for (const value of Object.values(details(event))) {
    if (typeof value === "string" && value.toLowerCase().includes(wanted)) return true;
  }
  return false;
}
