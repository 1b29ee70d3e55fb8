// The conditions of a Choice in JSONPath: comparisons, and what joins them.  No DOM.

const ASIDE = new Set(["Variable", "Next", "Comment", "Assign", "Output"]);
const JOINS = ["And", "Or", "Not"];

/** The operator of a comparison. */
export const operatorOf = (rule) => Object.keys(rule).find((key) => !ASIDE.has(key)) ?? "StringEquals";

/** "comparison" · "And" · "Or" · "Not" · "other" (nothing a form can show). */
export function kindOf(rule) {
  if (typeof rule !== "object" || rule === null || Array.isArray(rule)) return "other";
  const joins = JOINS.filter((join) => join in rule);
  if (joins.length > 1 || (joins.length && "Variable" in rule)) return "other";
  const [join] = joins;
  if (join === "Not") return kindOf(rule.Not) === "other" ? "other" : "Not";
  if (join) return Array.isArray(rule[join]) && rule[join].length && rule[join].every((part) => kindOf(part) !== "other") ? join : "other";
  const operators = Object.keys(rule).filter((key) => !ASIDE.has(key));
  return "Variable" in rule && operators.length <= 1 && typeof rule[operators[0]] !== "object" ? "comparison" : "other";
}

/** What an operator compares with at first. */
export function firstValue(operator) {
  if (operator.endsWith("Path")) return "$.value";
  if (operator === "BooleanEquals" || operator.startsWith("Is")) return true;
  if (operator.startsWith("Numeric")) return 0;
  return operator.startsWith("Timestamp") ? "2026-01-01T00:00:00Z" : "";
}

/** The first comparison inside a rule, without what belongs to the rule as a whole; a fresh one where there is none. */
export function comparisonOf(rule) {
  const kind = kindOf(rule);
  if (kind === "comparison") return Object.fromEntries(Object.entries(rule).filter(([key]) => key === "Variable" || !ASIDE.has(key)));
  if (kind === "Not") return comparisonOf(rule.Not);
  return kind === "other" ? { Variable: "$.value", IsPresent: true } : comparisonOf(rule[kind][0]);
}

/** The rule with its conditions joined in another way: nothing that fits is lost. */
export function turned(rule, kind) {
  const own = Object.fromEntries(Object.entries(rule).filter(([key]) => key !== "Variable" && ASIDE.has(key)));
  const old = kindOf(rule);
  const bare = Object.fromEntries(Object.entries(rule).filter(([key]) => !(key in own)));
  const parts = old === "And" || old === "Or" ? rule[old] : old === "Not" ? [rule.Not] : [old === "other" ? comparisonOf(rule) : bare];
  if (kind === "comparison") return { ...comparisonOf(rule), ...own };
  if (kind === "Not") return { Not: parts.length > 1 ? bare : parts[0], ...own };
  return { [kind]: parts, ...own };
}
