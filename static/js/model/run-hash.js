// What of the execution page can be linked to: view, state, visit, event, the moment shown, filters, the part of the
// timeline in sight.  #view=events&state=Pay&event=12

const VIEWS = ["graph", "table", "timeline", "events"];

/** {view, state, visit, event, at, type, text, of, trouble, sight} of a location hash; null members are not chosen.
 *  `at` is the event up to which the run is replayed; `type`, `text`, `of` (a state) and `trouble` filter the events;
 *  `sight` is {from, to} of the timeline in shares of the run. */
export function readHash(hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  return {
    view: VIEWS.includes(fields.get("view")) ? fields.get("view") : "graph",
    state: fields.get("state") || null,
    visit: numberIn(fields.get("visit")),
    event: numberIn(fields.get("event")),
    at: numberIn(fields.get("at")),
    type: fields.get("type") || null,
    text: fields.get("text") || null,
    of: fields.get("of") || null,
    trouble: fields.get("trouble") === "1" || null,
    sight: sightIn(fields.get("sight")),
  };
}

/** The reverse; "" when all is as at first. */
export function writeHash({ view, state, visit, event, at, type, text, of, trouble, sight }) {
  const fields = new URLSearchParams();
  if (view && view !== "graph") fields.set("view", view);
  const plain = { state, visit, event, at, type, text, of, trouble: trouble ? 1 : null };
  for (const [name, value] of Object.entries(plain)) if (value) fields.set(name, value);
  if (sight) fields.set("sight", `${rounded(sight.from)}-${rounded(sight.to)}`);
  const written = fields.toString();
  return written && `#${written}`;
}

const rounded = (share) => Number(share.toFixed(5));

function sightIn(text) {
  const found = /^([01](?:\.\d+)?)-([01](?:\.\d+)?)$/.exec(text ?? "");
  if (!found) return null;
  const [from, to] = [Number(found[1]), Number(found[2])];
  return from < to && to <= 1 ? { from, to } : null;
}

function numberIn(text) {
  return /^[1-9][0-9]*$/.test(text ?? "") ? Number(text) : null;
}
