// JSONata in a definition: a string in {% %}.  No DOM.

/** Whether a value is an expression. */
export const isExpression = (value) => typeof value === "string" && /^\s*\{%[\s\S]*%\}\s*$/.test(value);

/** What stands between {% and %}, without the blanks around it; other text as it is. */
export const expressionOf = (value) => (isExpression(value) ? value.trim().slice(2, -2).trim() : String(value));

/** One expression for a value in which strings may be expressions. */
export function expressionFrom(value) {
  if (isExpression(value)) return expressionOf(value);
  if (Array.isArray(value)) return `[${value.map(expressionFrom).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${expressionFrom(item)}`).join(", ")}}`;
}
