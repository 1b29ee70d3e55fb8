// YAML text → the same kind of tree as json.js makes, and edits of it as the smallest change of the text: comments, the
// order of members and how the other values are written stay.  No DOM.

import { isAlias, isMap, isScalar, isSeq, parseDocument, stringify } from "../../vendor/yaml.js";
import { JsonError } from "./json.js";
import { applyChanges, renames, same } from "./patch.js";

const OPTIONS = { version: "1.2", schema: "core", merge: true, uniqueKeys: true, stringKeys: false, keepSourceTokens: false, logLevel: "silent" };
const WRITING = { lineWidth: 0, indent: 2, version: "1.2", aliasDuplicateObjects: false };
const DEEPEST = 500;

/** Whether a text is YAML: JSON begins with a brace (it is YAML as well, but is kept as JSON). */
export const looksLikeYaml = (text) => /\S/.test(text) && !/^\uFEFF?\s*[{[]/.test(text);

/** The tree of a text; throws JsonError. `flow` nodes are written in braces; `sealed` ones are aliases or hold a merge. */
export function parseYaml(text) {
  const parsed = parseDocument(text, OPTIONS);
  const [fault] = parsed.errors;
  if (fault) throw new JsonError(fault.message.split("\n")[0].replace(/ at line \d+, column \d+:?$/, ""), text, Math.min(fault.pos[0], text.length));
  if (!parsed.contents) throw new JsonError("There is nothing here yet", text, 0);
  const tree = nodeOf(parsed.contents, parsed, text, 0);
  if (tree.type !== "object") throw new JsonError("A definition has members, such as StartAt and States", text, tree.start);
  return tree;
}

function nodeOf(node, parsed, text, depth) {
  if (depth > DEEPEST) throw new JsonError("Nested too deep", text, node?.range?.[0] ?? 0);
  if (!node?.range) return { type: "value", start: 0, end: 0, value: null, sealed: true };
  const [start, end] = [node.range[0], trimmed(text, node.range[0], node.range[1])];
  if (isAlias(node) || (isMap(node) && node.items.some((pair) => pair.key?.source === "<<"))) return { type: "value",
    start, end, value: node.toJS(parsed), sealed: true };
  const anchored = Boolean(node.anchor);
  if (isMap(node)) {
    const members = node.items.map((pair) => {
      const child = pair.value ? nodeOf(pair.value, parsed, text, depth + 1)
        : { type: "value", start: pair.key.range[1] + 1, end: pair.key.range[1] + 1, value: null };
      return { key: String(isScalar(pair.key) ? pair.key.source ?? pair.key.value : pair.key),
        keyStart: pair.key.range[0], keyEnd: pair.key.range[1], node: child };
    });
    for (const member of members) if (/^["']/.test(text[member.keyStart])) member.key = String(node.items.find((pair) =>
      pair.key.range[0] === member.keyStart).key.value);
    const last = members.at(-1)?.node.end ?? end;
    return { type: "object", start, end: node.flow ? end : last, flow: Boolean(node.flow), anchored,
      value: Object.fromEntries(members.map((member) => [member.key, member.node.value])), members };
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => nodeOf(item, parsed, text, depth + 1));
    return { type: "array", start, end: node.flow ? end : items.at(-1)?.end ?? end, flow: Boolean(node.flow), anchored,
      value: items.map((item) => item.value), items };
  }
  const value = typeof node.value === "bigint" ? Number(node.value) : node.value ?? null;
  return { type: "value", start, end, value, anchored, block: /^[|>]/.test(text[start] ?? "") };
}

/** Without the blank space and the empty lines after a value. */
function trimmed(text, start, end) {
  let at = end;
  while (at > start && /\s/.test(text[at - 1])) at -= 1;
  return at;
}

const object = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The changes [{from, to, insert}] of `text` that make its data `definition`. What cannot be done in place is written
 * anew, from the smallest part that can be to the whole text.
 */
export function yamlChanges(text, definition, tree = parseYaml(text)) {
  if (same(tree.value, definition)) return [];
  const changes = [];
  try {
    change(tree, definition, { text, changes });
    const sorted = changes.toSorted((a, b) => a.from - b.from || a.to - b.to);
    if (same(parseYaml(applyChanges(text, sorted)).value, plain(definition))) return sorted;
  } catch (error) {
    if (!(error instanceof JsonError || error instanceof Unable)) throw error;
  }
  return [{ from: 0, to: text.length, insert: yamlText(definition) }];
}

/** A definition as YAML text. */
export const yamlText = (definition) => stringify(definition, WRITING);

const plain = (value) => JSON.parse(JSON.stringify(value));

class Unable extends Error {}

function change(node, value, out) {
  if (same(node.value, value)) return;
  if (node.sealed || node.anchored) throw new Unable();
  if (node.type === "object" && object(value) && !node.flow && node.members.length && Object.keys(value).length) { changeObject(node, value, out); return; }
  if (node.type === "array" && Array.isArray(value) && !node.flow && node.items.length && value.length) { changeArray(node, value, out); return; }
  throw new Unable(); // whoever holds it writes it anew
}

/** The member or item anew where it cannot be changed within. */
function attempt(node, value, out, otherwise) {
  const mark = out.changes.length;
  try {
    change(node, value, out);
  } catch (error) {
    if (!(error instanceof Unable) || node.anchored) throw error;
    out.changes.length = mark;
    otherwise();
  }
}

function changeObject(node, value, out) {
  const { text, changes } = out;
  const names = renames(node, value);
  const column = columnOf(text, node.members[0].keyStart);
  const parts = node.members.map((member) => {
    const key = names.get(member.key) ?? member.key;
    if (!Object.hasOwn(value, key)) { changes.push(cut(member.keyStart, member.node.end, text)); return { key, gone: true }; }
    const mark = changes.length;
    if (key !== member.key) changes.push({ from: member.keyStart, to: member.keyEnd, insert: keyText(key) });
    attempt(member.node, value[key], out, () => {
      changes.length = mark;
      changes.push({ from: member.keyStart, to: Math.max(member.node.end, member.keyEnd + 1), insert: written({ [key]: value[key] }, column).join("\n") });
    });
    return { key, member };
  });
  if (parts.every((part) => part.gone)) throw new Unable(); // nothing is left to stand beside
  insertMembers(parts, value, column, out);
}

/** New members come after the last one that is before them and stays. */
function insertMembers(parts, value, column, { text, changes }) {
  const order = Object.keys(value);
  const known = new Set(parts.map((part) => part.key));
  const pad = " ".repeat(column);
  for (const key of order.filter((one) => !known.has(one))) {
    const before = order.slice(0, order.indexOf(key));
    const after = parts.findLast((part) => !part.gone && before.includes(part.key));
    const lines = written({ [key]: value[key] }, column).join("\n");
    if (after) { const at = lineEnd(text, after.member.node.end); changes.push({ from: at, to: at, insert: `\n${pad}${lines}` }); continue; }
    const first = parts.find((part) => !part.gone).member;
    changes.push({ from: first.keyStart, to: first.keyStart, insert: `${lines}\n${pad}` });
  }
}

function changeArray(node, value, out) {
  const { text, changes } = out;
  let head = 0;
  while (head < node.items.length && head < value.length && same(node.items[head].value, value[head])) head += 1;
  let tail = 0;
  while (tail < node.items.length - head && tail < value.length - head && same(node.items.at(-1 - tail).value, value.at(-1 - tail))) tail += 1;
  const old = node.items.slice(head, node.items.length - tail);
  const fresh = value.slice(head, value.length - tail);
  const column = columnOf(text, dash(text, node.items[0].start));
  old.forEach((item, index) => {
    const from = dash(text, item.start);
    if (index >= fresh.length) { changes.push(cut(from, item.end, text)); return; }
    attempt(item, fresh[index], out, () => changes.push({ from, to: Math.max(item.end, from + 1), insert: written([fresh[index]], column).join("\n") }));
  });
  const more = fresh.slice(old.length);
  if (!more.length) return;
  const place = old.at(-1) ?? node.items[head - 1];
  const lines = more.map((item) => `${" ".repeat(column)}${written([item], column).join("\n")}`).join("\n");
  if (place) { const at = lineEnd(text, place.end); changes.push({ from: at, to: at, insert: `\n${lines}` }); }
  else { const at = dash(text, node.items[0].start); changes.push({ from: at, to: at, insert: `${lines.trimStart()}\n${" ".repeat(column)}` }); }
}

/** The lines of a member or an item that begins at `column`; the first is not indented. */
function written(data, column) {
  const pad = " ".repeat(column);
  return stringify(data, WRITING).replace(/\n$/, "").split("\n").map((line, index) => (index && line ? pad + line : line));
}

const keyText = (key) => stringify({ [key]: 0 }, WRITING).replace(/: 0\n$/, "");
const columnOf = (text, offset) => offset - (text.lastIndexOf("\n", offset - 1) + 1);
const lineEnd = (text, offset) => { const at = text.indexOf("\n", offset); return at < 0 ? text.length : at; };

/** The dash of an item. */
function dash(text, offset) {
  const at = text.lastIndexOf("-", offset);
  if (at < 0 || /[^\s-]/.test(text.slice(at + 1, offset).replace(/[&!]\S+/g, ""))) throw new Unable();
  return at;
}

/** Takes away whole lines from a key or a dash to the end of its value, with a remark on the same line. */
function cut(from, end, text) {
  const lineStart = text.lastIndexOf("\n", from - 1) + 1;
  if (text.slice(lineStart, from).trim()) throw new Unable(); // it stands behind a dash
  const to = lineEnd(text, end);
  return { from: lineStart, to: Math.min(text.length, to + 1), insert: "" };
}
