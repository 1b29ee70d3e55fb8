// The filters of the executions list: in the address, for the REST API, and against what the socket tells.

/** The filters that are plain texts, beside status (a list) and the period. */
export const TEXTS = ["machine", "q", "name", "error", "payload", "version", "revision", "tag", "incident"];
const NUMBERS = ["version", "revision", "incident"];
export const EMPTY = Object.freeze({ status: [], within: "", since: "", until: "", ...Object.fromEntries(TEXTS.map((name) => [name, ""])) });

/** {status: [...], within, since, until, …TEXTS} of a query text; `within` is a number of seconds as text, `since` and
 *  `until` are moments as ISO text. */
export function readQuery(search) {
  const fields = new URLSearchParams(search);
  const texts = TEXTS.map((name) => [name, fields.get(name) ?? ""]).filter(([name, text]) => !NUMBERS.includes(name) || /^[1-9]\d*$/.test(text));
  return {
    ...EMPTY, ...Object.fromEntries(texts),
    status: (fields.get("status") ?? "").split(",").filter(Boolean),
    within: /^\d+$/.test(fields.get("within") ?? "") ? fields.get("within") : "",
    since: moment(fields.get("since")), until: moment(fields.get("until")),
  };
}

const moment = (text) => (text && !Number.isNaN(Date.parse(text)) ? text : "");

/** The query as an object of texts: for the address, or with `now` (ms) for the REST API. */
export function membersOf({ status, within, since, until, ...rest }, now = null) {
  const members = {};
  if (status.length) members.status = status.join(",");
  for (const name of TEXTS) if (rest[name]) members[name] = rest[name];
  if (since) members.since = since;
  if (until) members.until = until;
  if (within && now === null) members.within = within;
  if (within && now !== null) members.since = new Date(now - Number(within) * 1000).toISOString();
  return members;
}

/** The query as text: for the address, or with `now` (ms) for the REST API. */
export function toQuery(query, { cursor = "", now = null }) {
  const fields = new URLSearchParams(membersOf(query, now));
  if (cursor) fields.set("cursor", cursor);
  if (now !== null) fields.set("counts", "true");
  return fields.toString();
}

/** Whether anything is filtered. */
export const isFiltered = (query) => Object.keys(membersOf(query)).length > 0;

/** What a message of the socket means for the rows shown: {changed: [{row, status}], others}.  `others` says that
 *  executions which are not shown have started or changed, and the rows (or the counts) may have to be read again. */
export function changesShown(rows, { executions, more }, { firstPage, query }) {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const changed = [];
  let others = more;
  for (const { id, status } of executions) {
    const row = byId.get(id);
    if (row) changed.push({ row, status });
    else if (firstPage || query.status.length) others = true;
  }
  return { changed: changed.filter(({ row, status }) => row.status !== status), others };
}
