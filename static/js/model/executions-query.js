// The filters of the executions list: in the address, for the REST API, and against what the socket tells.

const EMPTY = { status: [], machine: "", q: "", within: "" };

/** {status: [...], machine, q, within} of a query text; `within` is a number of seconds as text. */
export function readQuery(search) {
  const fields = new URLSearchParams(search);
  return {
    ...EMPTY,
    status: (fields.get("status") ?? "").split(",").filter(Boolean),
    machine: fields.get("machine") ?? "",
    q: fields.get("q") ?? "",
    within: /^\d+$/.test(fields.get("within") ?? "") ? fields.get("within") : "",
  };
}

/** The query as text: for the address, or with `now` (ms) for the REST API. */
export function toQuery({ status, machine, q, within }, { cursor = "", now = null }) {
  const fields = new URLSearchParams();
  if (status.length) fields.set("status", status.join(","));
  if (machine) fields.set("machine", machine);
  if (q) fields.set("q", q);
  if (within && now === null) fields.set("within", within);
  if (within && now !== null) fields.set("since", new Date(now - Number(within) * 1000).toISOString());
  if (cursor) fields.set("cursor", cursor);
  if (now !== null) fields.set("counts", "true");
  return fields.toString();
}

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
