// The smallest change of a text that turns its data into other data: what is not touched keeps its
// formatting, key order and number formats.  No DOM.

import { locate, parseTree, pointerOf } from "./json.js";

/** Whether two JSON values are the same, member order aside. */
export function same(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

/** The indentation a text uses: what stands before its first indented line. */
export const indentOf = (text) => text.match(/\n([ \t]+)\S/)?.[1] ?? "  ";

/** Changes [{from, to, insert}], in the order of the text, that make its data equal `after`. */
export function changesFor(text, after, tree = parseTree(text)) {
  const writer = new Writer(text);
  writer.value(tree, after, 0);
  return writer.changes.sort((a, b) => a.from - b.from || a.to - b.to);
}

/** `text` with the changes made. */
export function applyChanges(text, changes) {
  let result = "";
  let at = 0;
  for (const { from, to, insert } of changes) {
    result += text.slice(at, from) + insert;
    at = to;
  }
  return result + text.slice(at);
}

class Writer {
  constructor(text) {
    this.text = text;
    this.indent = indentOf(text);
    this.changes = [];
  }

  replace(from, to, insert) { this.changes.push({ from, to, insert }); }

  value(node, after, depth) {
    if (same(node.value, after)) return;
    if (node.type === "object" && isObject(after)) this.object(node, after, depth);
    else if (node.type === "array" && Array.isArray(after)) this.array(node, after, depth);
    else this.replace(node.start, node.end, this.print(after, depth, false));
  }

  /** A value as text, nested `depth` levels; `inline` on one line. */
  print(value, depth, inline) {
    if (inline) return JSON.stringify(value, null, 1).replace(/\n\s*/g, " ");
    return JSON.stringify(value, null, this.indent).replaceAll("\n", `\n${this.indent.repeat(depth)}`);
  }

  object(node, after, depth) {
    const names = renames(node, after);
    const parts = node.members.map((member) => {
      const key = names.get(member.key) ?? member.key;
      if (!Object.hasOwn(after, key)) return { member, gone: true };
      if (key !== member.key) this.replace(member.keyStart, member.keyEnd, JSON.stringify(key));
      this.value(member.node, after[key], depth + 1);
      return { member, key, start: member.keyStart, end: member.node.end };
    });
    const known = new Set(parts.map((part) => part.key));
    const order = Object.keys(after);
    const added = order.filter((key) => !known.has(key)).map((key) => ({ key, before: order.slice(0, order.indexOf(key)) }));
    this.list(node, parts, added.map(({ key, before }) => ({
      after: parts.findLastIndex((part) => !part.gone && before.includes(part.key)),
      text: (inline) => `${JSON.stringify(key)}: ${this.print(after[key], depth + 1, inline)}`,
    })), depth);
  }

  array(node, after, depth) {
    const before = node.items;
    let head = 0;
    while (head < before.length && head < after.length && same(before[head].value, after[head])) head += 1;
    let tail = 0;
    while (tail < before.length - head && tail < after.length - head && same(before.at(-1 - tail).value, after.at(-1 - tail))) tail += 1;
    const [oldMiddle, newMiddle] = [before.length - head - tail, after.length - head - tail];
    const shared = Math.min(oldMiddle, newMiddle);
    for (let index = 0; index < shared; index += 1) this.value(before[head + index], after[head + index], depth + 1);
    const parts = before.map((item, index) => ({
      start: item.start, end: item.end, member: item, gone: index >= head + shared && index < before.length - tail,
    }));
    const added = after.slice(head + shared, after.length - tail).map((value) => ({
      after: head + shared - 1, text: (inline) => this.print(value, depth + 1, inline),
    }));
    this.list(node, parts, added, depth);
  }

  /** Removes the parts that are gone and adds new ones after the part with index `after` (-1 = first). */
  list(node, parts, added, depth) {
    if (!added.length && !parts.some((part) => part.gone)) return;
    const bounds = parts.map((part) => ({ start: part.member.keyStart ?? part.member.start,
      end: (part.member.node ?? part.member).end, gone: Boolean(part.gone) }));
    const kept = bounds.filter((part) => !part.gone);
    if (!kept.length && !added.length) { this.replace(node.start + 1, node.end - 1, ""); return; }
    const inline = bounds.length > 0 && !this.text.slice(node.start, node.end).includes("\n");
    const [open, between] = inline ? [" ", ", "] : [`\n${this.indent.repeat(depth + 1)}`, `,\n${this.indent.repeat(depth + 1)}`];
    if (!kept.length) {
      const close = inline ? " " : `\n${this.indent.repeat(depth)}`;
      this.replace(node.start + 1, node.end - 1, open + added.map((entry) => entry.text(inline)).join(between) + close);
      return;
    }
    this.remove(bounds);
    this.add(bounds, added, inline, between);
  }

  /** Each run of parts that go takes the comma with it: the one after it, or at the end the one before. */
  remove(bounds) {
    for (let index = 0; index < bounds.length; index += 1) {
      if (!bounds[index].gone) continue;
      let last = index;
      while (last + 1 < bounds.length && bounds[last + 1].gone) last += 1;
      if (last + 1 < bounds.length) this.replace(bounds[index].start, bounds[last + 1].start, "");
      else this.replace(bounds[index - 1].end, bounds[last].end, "");
      index = last;
    }
  }

  add(bounds, added, inline, between) {
    for (const entry of added) {
      let anchor = entry.after;
      while (anchor >= 0 && bounds[anchor].gone) anchor -= 1;
      if (anchor >= 0) {
        this.replace(bounds[anchor].end, bounds[anchor].end, between + entry.text(inline));
      } else {
        const first = bounds.find((part) => !part.gone);
        this.replace(first.start, first.start, entry.text(inline) + between);
      }
    }
  }
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Members that only changed their name: old key → new key, paired by equal values, else one to one in their order. */
export function renames(node, after) {
  const lost = node.members.filter((member) => !Object.hasOwn(after, member.key));
  const found = Object.keys(after).filter((key) => !node.members.some((member) => member.key === key));
  const names = new Map();
  for (const member of lost) {
    const twin = found.findIndex((key) => same(member.node.value, after[key]) || similar(member.node.value, after[key]));
    if (twin >= 0) names.set(member.key, found.splice(twin, 1)[0]);
  }
  return names;
}

/** Two objects that share most of their members: a state whose name and references changed at once. */
function similar(a, b) {
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  const equal = keys.filter((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
  return keys.length > 2 && equal.length >= keys.length - 1 && a.Type === b.Type;
}

/** The pointers at which the data of two trees differ: for marking what an edit changed. */
export function differing(before, after, path = []) {
  if (same(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      (Object.hasOwn(before, key) && Object.hasOwn(after, key) ? differing(before[key], after[key], [...path, key]) : [pointerOf([...path, key])]));
  }
  return [pointerOf(path)];
}

/** The text of the value at a pointer, or "" when there is none. */
export function textAt(text, tree, pointer) {
  const found = locate(tree, pointer);
  return found ? text.slice(found.node.start, found.node.end) : "";
}
