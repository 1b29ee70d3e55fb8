// What of the execution page can be linked to: view, state, visit, event.  #view=events&state=Pay&event=12

const VIEWS = ["graph", "table", "events"];

/** {view, state, visit, event} of a location hash; null members are not chosen. */
export function readHash(hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  return {
    view: VIEWS.includes(fields.get("view")) ? fields.get("view") : "graph",
    state: fields.get("state") || null,
    visit: numberIn(fields.get("visit")),
    event: numberIn(fields.get("event")),
  };
}

/** The reverse; "" when all is as at first. */
export function writeHash({ view, state, visit, event }) {
  const fields = new URLSearchParams();
  if (view && view !== "graph") fields.set("view", view);
  if (state) fields.set("state", state);
  if (visit) fields.set("visit", visit);
  if (event) fields.set("event", event);
  const text = fields.toString();
  return text && `#${text}`;
}

function numberIn(text) {
  return /^[1-9][0-9]*$/.test(text ?? "") ? Number(text) : null;
}
