// The condition of a Choice said in JSONata, or null.  No DOM.

import { pathExpression } from "./path-expressions.js";
import { kindOf, operatorOf } from "./rules.js";

const SIGNS = { Equals: "=", GreaterThan: ">", GreaterThanEquals: ">=", LessThan: "<", LessThanEquals: "<=" };
const TYPES = { IsNumeric: "number", IsString: "string", IsBoolean: "boolean", IsNull: "null" };

/** `root` is what `$` means. A comparison with a value of another type is false in JSONPath; the expression asks for the type, too. */
export function ruleExpression(rule, root) {
  const kind = kindOf(rule);
  if (kind === "other") return null;
  if (kind === "Not") { const inner = ruleExpression(rule.Not, root); return inner === null ? null : `$not(${inner})`; }
  if (kind !== "comparison") {
    const parts = rule[kind].map((part) => ruleExpression(part, root));
    return parts.includes(null) ? null : parts.map((part) => (/ (?:and|or) /.test(part) ? `(${part})` : part)).join(kind === "And" ? " and " : " or ");
  }
  const operator = operatorOf(rule);
  const variable = typeof rule.Variable === "string" ? pathExpression(rule.Variable, root) : null;
  return variable === null ? null : comparison(variable, operator, rule[operator], root);
}

function comparison(variable, operator, value, root) {
  if (operator === "IsPresent") return value ? `$exists(${variable})` : `$not($exists(${variable}))`;
  if (operator in TYPES) return `$type(${variable}) ${value ? "=" : "!="} "${TYPES[operator]}"`;
  const found = /^(String|Numeric|Boolean|Timestamp)(Equals|GreaterThan|GreaterThanEquals|LessThan|LessThanEquals)(Path)?$/.exec(operator);
  if (!found) return null; // StringMatches, IsTimestamp
  const [, kind, sign, path] = found;
  const other = path ? pathExpression(String(value), root) : JSON.stringify(value);
  if (other === null) return null;
  const [left, right] = kind === "Timestamp" ? [`$toMillis(${variable})`, `$toMillis(${other})`] : [variable, other];
  const compared = `${left} ${SIGNS[sign]} ${right}`;
  if (sign === "Equals" && kind !== "Timestamp") return compared;
  const type = kind === "Numeric" ? "number" : "string";
  return `$type(${variable}) = "${type}" and ${compared}`;
}
