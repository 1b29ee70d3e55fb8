// JSON text → a tree that knows where every value stands, so that an edit changes only what it must.  No DOM.
//
// A node: {type: "object"|"array"|"value", start, end, value, members: [{key, keyStart, keyEnd, node}], items: [node]}

/** Where and why a text is no JSON: `offset` from 0, `line` and `column` from 1. */
export class JsonError extends Error {
  constructor(message, text, offset) {
    super(message);
    const before = text.slice(0, offset).split("\n");
    Object.assign(this, { offset, line: before.length, column: before.at(-1).length + 1 });
  }
}

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORDS = { true: true, false: false, null: null };
const DEEPEST = 500;

/** The tree of a text; throws JsonError. Of a key that comes twice the last one counts, as in JSON.parse. */
export function parseTree(text) {
  let at = 0;

  const fail = (message) => { throw new JsonError(message, text, at); };
  function match(pattern) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found?.[0];
  }
  function expect(char) {
    match(SPACE);
    if (text[at] !== char) fail(at < text.length ? `Expected "${char}" here` : `The text ends where "${char}" is expected`);
    at += 1;
  }
  function string() {
    const found = match(STRING);
    if (found === undefined) fail(text[at] === '"'
      ? "This string is not closed, or holds a character that must be escaped" : "Expected a name in double quotes");
    return JSON.parse(found);
  }

  function node(depth) {
    if (depth > DEEPEST) fail("Nested too deep");
    match(SPACE);
    const start = at;
    const char = text[at];
    if (char === "{") return object(start, depth);
    if (char === "[") return array(start, depth);
    return { type: "value", start, value: scalar(char), end: at };
  }
  function scalar(char) {
    if (char === '"') return string();
    const number = match(NUMBER);
    if (number) return Number(number);
    for (const word of Object.keys(WORDS)) {
      if (text.startsWith(word, at)) { at += word.length; return WORDS[word]; }
    }
    return fail(at < text.length ? "Expected a value here" : "The text ends where a value is expected");
  }
  function object(start, depth) {
    const members = [];
    const value = {};
    at += 1;
    match(SPACE);
    while (text[at] !== "}") {
      if (members.length) { expect(","); match(SPACE); }
      const keyStart = at;
      const key = string();
      const keyEnd = at;
      expect(":");
      const child = node(depth + 1);
      const twin = members.findIndex((member) => member.key === key);
      if (twin >= 0) members.splice(twin, 1);
      members.push({ key, keyStart, keyEnd, node: child });
      Object.defineProperty(value, key, { value: child.value, enumerable: true, writable: true, configurable: true });
      match(SPACE);
    }
    at += 1;
    return { type: "object", start, end: at, value, members };
  }
  function array(start, depth) {
    const items = [];
    at += 1;
    match(SPACE);
    while (text[at] !== "]") {
      if (items.length) expect(",");
      items.push(node(depth + 1));
      match(SPACE);
    }
    at += 1;
    return { type: "array", start, end: at, value: items.map((item) => item.value), items };
  }

  const root = node(0);
  match(SPACE);
  if (at < text.length) fail("There is more after the end of the definition");
  return root;
}

/** The steps of a JSON pointer (RFC 6901). */
export const steps = (pointer) => pointer.split("/").slice(1).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));

/** The pointer of these steps. */
export const pointerOf = (path) => path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** {node, member} at a pointer (`member` when it is one of an object), or null. */
export function locate(tree, pointer) {
  let node = tree;
  let member = null;
  for (const step of steps(pointer)) {
    member = node.type === "object" ? node.members.find((entry) => entry.key === step) : null;
    node = member ? member.node : node.type === "array" ? node.items[Number(step)] : undefined;
    if (!node) return null;
  }
  return { node, member };
}

/** The pointer of the innermost value or member that holds `offset`. */
export function pointerAt(tree, offset) {
  const path = [];
  let node = tree;
  for (;;) {
    if (node.type === "object") {
      const member = node.members.find((entry) => offset >= entry.keyStart && offset <= entry.node.end);
      if (!member) break;
      path.push(member.key);
      node = member.node;
    } else if (node.type === "array") {
      const index = node.items.findIndex((item) => offset >= item.start && offset <= item.end);
      if (index < 0) break;
      path.push(index);
      node = node.items[index];
    } else break;
  }
  return pointerOf(path);
}
