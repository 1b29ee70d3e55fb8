// A fix of the checker – operations as of JSON Patch, designer/asl/problems.py – as an edit.  No DOM.

import { all, edit } from "./edits.js";
import { pointerOf, steps } from "./json.js";
import { same } from "./patch.js";
import { at } from "./states.js";

/** The edit that makes a fix {title, operations: [{op, pointer, value}]}; throws where the place is gone. */
export const fixEdit = ({ operations }) => all(...joined(operations).map((operation) => edit((definition) => [primitive(definition, operation)])));

/** A member taken away and added under another name beside it is renamed, so that it keeps its place in the text. */
function joined(operations) {
  return operations.flatMap((operation, index) => {
    const next = operations[index + 1];
    if (operation.op === "remove" && renames(operation, next)) return [{ ...operation, op: "rename", key: steps(next.pointer).at(-1), value: next.value }];
    const previous = operations[index - 1];
    return previous?.op === "remove" && renames(previous, operation) ? [] : [operation];
  });
}

function renames(removal, addition) {
  if (addition?.op !== "add") return false;
  const [from, to] = [steps(removal.pointer), steps(addition.pointer)];
  return from.length === to.length && to.at(-1) !== "-" && same(from.slice(0, -1), to.slice(0, -1)) && !/^\d+$/.test(to.at(-1));
}

function primitive(definition, { op, pointer, value, key }) {
  const path = steps(pointer);
  const holder = path.length ? at(definition, pointerOf(path.slice(0, -1))) : definition;
  const last = path.at(-1);
  const there = path.length > 0 && typeof holder === "object" && holder !== null && Object.hasOwn(holder, last);
  if (op !== "add" && path.length && !there) throw new Error(`There is nothing at ${pointer} any more`);
  if (op === "rename") {
    if (!same(holder[last], value)) throw new Error(`The value at ${pointer} is another one now`);
    return { op, pointer, key };
  }
  if (op === "add" && Array.isArray(holder)) {
    const index = last === "-" ? holder.length : Number(last);
    return { op: "insert", pointer: pointerOf([...path.slice(0, -1), index]), value };
  }
  return op === "remove" ? { op, pointer } : { op: "set", pointer, value };
}
