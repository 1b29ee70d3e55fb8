// Shapes as the data lens tells them (designer/lens/describing.py): paths for completion, values for showing.  No DOM.

const MOST = 300; // paths offered
const PLAIN = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** One step of a path by name. */
export const step = (name) => (PLAIN.test(name) ? `.${name}` : `['${name.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}']`);

/** Every path into a shape: {path, node}, the nearest first.  `root` is `$`, or a variable's `$name`. */
export function pathsInto(shape, root = "$") {
  const found = [{ path: root, node: shape ?? { kinds: [], unknown: true } }];
  for (let at = 0; at < found.length && found.length < MOST; at += 1) {
    const { path, node } = found[at];
    for (const [name, field] of Object.entries(node.fields ?? {})) found.push({ path: path + step(name), node: field });
    if (node.items) found.push({ path: `${path}[0]`, node: node.items });
  }
  return found.slice(0, MOST);
}

/** What may be written as a path in a state: {label, detail}, of its input and its variables. */
export function pathsOf(seen) {
  if (!seen) return [];
  const variables = Object.entries(seen.variables ?? {}).flatMap(([name, shape]) => pathsInto(shape, `$${name}`));
  return [...pathsInto(seen.stages?.input ?? seen.before), ...variables].map(({ path, node }) => ({ label: path, detail: wordOf(node) }));
}

/** The value of a node in short: an example as JSON, or the kinds it may be of. */
export function wordOf(node) {
  if (node.unknown) return "?";
  if (node.fields) return "{…}";
  if (node.kinds.includes("array")) return node.length === undefined ? "[…]" : `[${node.length}]`;
  if (node.example !== undefined && node.kinds.length === 1) return JSON.stringify(node.example);
  return node.kinds.join(" | ");
}

/** Whether the value is exactly known, and not only what it is like. */
export const isKnown = (node) => Boolean(node.known) || (node.kinds?.length === 1 && node.kinds[0] === "null");
