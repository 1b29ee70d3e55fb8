// The members of what a task sends: each a value, with ".$" a path or an intrinsic function, in JSONata perhaps an expression.  No DOM.

import { isExpression } from "./expressions.js";

/** Text that is a path or an intrinsic function. */
export const isPath = (text) => typeof text === "string" && /^(\$|States\.)/.test(text);

/** {value, dynamic}: what a member holds, and whether it comes from the data; value undefined when it is not there. */
export function memberOf(given, name) {
  if (Object.hasOwn(given, `${name}.$`)) return { value: given[`${name}.$`], dynamic: true };
  return { value: given[name], dynamic: isExpression(given[name]) };
}

/** The members with one of them set, in its place; undefined and "" take it away. In JSONPath a path gets its ".$". */
export function withMember(given, name, value, { jsonata = false } = {}) {
  const key = !jsonata && isPath(value) ? `${name}.$` : name;
  const gone = value === undefined || value === "";
  const own = (member) => member === name || member === `${name}.$`;
  const there = Object.keys(given).some(own);
  const entries = Object.entries(given).flatMap(([member, old]) => (own(member) ? (gone ? [] : [[key, value]]) : [[member, old]]));
  if (!there && !gone) entries.push([key, value]);
  return Object.fromEntries(entries);
}

/** The members that `names` do not name. */
export const otherMembers = (given, names) => Object.fromEntries(Object.entries(given)
  .filter(([member]) => !names.has(member) && !names.has(member.replace(/\.\$$/, ""))));

/** What was typed into a number's field: {value} or {fault: true}. */
export function numberOrSource(text, { whole, jsonata }) {
  const typed = text.trim();
  if (!typed) return { value: undefined };
  if (jsonata ? isExpression(typed) : isPath(typed)) return { value: typed };
  const number = Number(typed);
  return Number.isFinite(number) && (!whole || Number.isInteger(number)) ? { value: number } : { fault: true };
}
