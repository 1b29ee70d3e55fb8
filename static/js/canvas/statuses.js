// The status language: each status has a glyph, a pattern, a word and a border (the border is in canvas.css).

import { _ } from "../lib/i18n.js";
import { svgElement } from "./svg.js";

export const STATUSES = ["running", "succeeded", "failed", "timedout", "aborted", "waiting", "caught", "notreached"];

/** "TIMED_OUT", "timedOut" → "timedout"; what is unknown or absent is "notreached". */
export function statusName(value) {
  const name = String(value ?? "").toLowerCase().replace(/[^a-z]/g, "");
  return STATUSES.includes(name) ? name : "notreached";
}

/** The word for a status, in the person's language. */
export function statusWord(status) {
  return {
    running: _("Running"), succeeded: _("Succeeded"), failed: _("Failed"), timedout: _("Timed out"),
    aborted: _("Aborted"), waiting: _("Waiting for a person"), caught: _("Caught error"), notreached: _("Not reached"),
  }[statusName(status)];
}

const pattern = (status, width, height, turn, ...shapes) =>
  svgElement("pattern", {
    id: `pattern-${status}`, width, height, patternUnits: "userSpaceOnUse", patternTransform: turn ? `rotate(${turn})` : null,
  }, ...shapes);
const area = (width, height, style, more = {}) => svgElement("rect", { width, height, style, ...more });

/**
 * The patterns, to stand inside the themed subtree: they take their colours from where they are defined.
 * Ids are the same in every canvas of a page, and so are the patterns.
 */
export function patternDefs() {
  return svgElement("defs", {},
    pattern("succeeded", 8, 8, 0, area(8, 8, "fill:var(--succeeded)")),
    pattern("running", 8, 8, 45, area(8, 8, "fill:var(--running)"), area(4, 8, "fill:var(--overlay);opacity:.42")),
    pattern("failed", 6, 6, 0, area(6, 6, "fill:var(--failed)"),
      svgElement("path", { d: "M0 0 6 6M6 0 0 6", style: "stroke:var(--overlay);stroke-opacity:.6" })),
    pattern("timedout", 8, 6, 0, area(8, 4, "fill:var(--timedout)"), area(8, 2, "fill:var(--timedout-soft)", { y: 4 })),
    pattern("aborted", 5, 5, 0, area(5, 5, "fill:var(--aborted-soft)"),
      svgElement("circle", { cx: 2.5, cy: 2.5, r: 1.3, style: "fill:var(--aborted)" })),
    pattern("waiting", 10, 6, 0, area(10, 6, "fill:var(--waiting-soft)"), area(10, 3, "fill:var(--waiting)")),
    pattern("caught", 10, 8, 0, area(10, 8, "fill:var(--caught-soft)"),
      svgElement("path", { d: "M0 8 5 0l5 8z", style: "fill:var(--caught)" })),
    pattern("notreached", 4, 4, 0, area(4, 4, "fill:var(--notreached-soft)")),
  );
}
