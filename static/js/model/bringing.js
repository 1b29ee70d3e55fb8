// What somebody brings – a file, pasted text – made into a definition, with a note when something was done to it.  No DOM.

import { JsonError, parseTree } from "./json.js";
import { wrapped } from "./states.js";

const LARGEST = 2_000_000;

/** The name a file suggests: "orders.asl.json" → "orders". */
export const nameOf = (file) => file.replace(/\.(asl|sfn|state|states)?\.?(json|txt)$/i,
  "").replace(/[^\p{L}\p{N}_-]+/gu, "-").replace(/^-|-$/g, "").slice(0, 80);

/**
 * {text, note} of what was brought. note: "" · "wrapped" (it was a single state or a bare list of states) ·
 * "broken" (no JSON yet; the editor shows where). Throws BringingError with a `reason`:
 * "empty", "large", "other" (JSON, but neither machine nor state).
 */
export function brought(text, stateName) {
  if (!text.trim()) throw new BringingError("empty");
  if (text.length > LARGEST) throw new BringingError("large");
  let data;
  try {
    data = parseTree(text).value;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (!/[{"]/.test(text)) throw new BringingError("other");
    return { text, note: "broken" };
  }
  if (typeof data !== "object" || data === null || Array.isArray(data)) throw new BringingError("other");
  if ("States" in data) return { text, note: "" };
  const machine = wrapped(data, stateName);
  if (!machine) throw new BringingError("other");
  return { text: JSON.stringify(machine, null, 2), note: "wrapped" };
}

export class BringingError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}
