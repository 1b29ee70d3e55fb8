// Where an offset stands in a text that may be broken: a scan of brackets and strings, no parsing.  No DOM.

/**
 * {path, role}: the steps to the object or array around `offset`, and whether a member's key or a value is
 * written there; for a value the path includes its key. Null outside of everything.
 */
export function textAround(text, offset) {
  const stack = []; // {kind: "{" | "[", key, index, role}
  let at = 0;
  while (at < offset) {
    const char = text[at];
    if (char === '"') {
      const end = endOfString(text, at);
      if (end > offset) break;
      const top = stack.at(-1);
      if (top?.kind === "{" && top.role === "key") top.key = unquoted(text.slice(at, end));
      at = end;
      continue;
    }
    if (char === "{" || char === "[") stack.push({ kind: char, key: null, index: 0, role: char === "{" ? "key" : "value" });
    else if (char === "}" || char === "]") stack.pop();
    else if (char === ":" && stack.length) stack.at(-1).role = "value";
    else if (char === "," && stack.length) {
      const top = stack.at(-1);
      top.index += 1;
      if (top.kind === "{") [top.role, top.key] = ["key", null];
    }
    at += 1;
  }
  if (!stack.length) return null;
  const top = stack.at(-1);
  const steps = stack.map((entry) => (entry.kind === "[" ? String(entry.index) : entry.key));
  if (top.kind === "{" && top.role === "key") steps.pop();
  return { path: steps, role: top.kind === "{" && top.role === "key" ? "key" : "value" };
}

function endOfString(text, start) {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
    else if (text[at] === "\n") return at;
  }
  return text.length + 1;
}

function unquoted(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(1, -1);
  }
}
