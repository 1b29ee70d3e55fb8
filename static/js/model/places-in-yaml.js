// Where a cursor stands in YAML text that may be broken: by the indentation of the lines above.  No DOM.

const LINE = /^( *)((?:- +)*)(?:("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#"'[\]{}-][^:#]*?) *:(?:\s+(.*))?)?$/;

/** {role: "key" | "value", path, typed}: the steps to the member, and what stands before the cursor of it; null elsewhere. */
export function placeInYaml(text, offset) {
  const lines = text.slice(0, offset).split("\n");
  const current = lines.at(-1);
  const value = /^( *)((?:- +)*)([^\s#"'[\]{}][^:#]*?) *:\s+([^#{}[\]]*)$/.exec(current);
  const key = /^( *)((?:- +)*)([^\s:#"'[\]{}-][^:#]*)?$/.exec(current);
  const found = value ?? key;
  if (!found) return null;
  const depth = found[1].length + found[2].length;
  const above = parents(lines.slice(0, -1), depth, found[2]);
  return value ? { role: "value", path: [...above, value[3]], typed: value[4] } : { role: "key", path: above, typed: key[3] ?? "" };
}

/** The steps of the members that hold what begins at column `depth`. */
function parents(lines, depth, dashes) {
  const path = [];
  let limit = depth;
  if (dashes) { path.unshift(0); limit = depth - dashes.length + 1; }
  for (const line of lines.toReversed()) {
    const match = LINE.exec(line.replace(/\s+#.*$/, ""));
    if (!match || (!match[3] && !match[2])) continue;
    const column = match[1].length + match[2].length;
    if (match[3] && column < limit && match[4] === undefined) {
      path.unshift(match[3].replace(/^["']|["']$/g, ""));
      limit = column;
    } else if (match[3] && column === limit && match[2]) {
      path.unshift(0); // the first member of the item that this one is in
      limit = match[1].length + 1;
      continue;
    }
    if (match[2] && column === limit && match[1].length < limit) { path.unshift(0); limit = match[1].length + 1; }
  }
  return path;
}
