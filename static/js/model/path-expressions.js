// JSONPath and intrinsic functions said in JSONata.  What has no plain counterpart gives null.  No DOM.

const SEGMENT = /\.([^.[\]'"`*?@()\s]+)|\[(-?\d+)\]|\['((?:[^'\\])*)'\]|\["((?:[^"\\])*)"\]/uy;

/** The expression of a path; `root` is what `$` means, `context` what `$$` means. */
export function pathExpression(path, root, context = "$states.context") {
  const start = /^(\$\$|\$[\p{L}_][\p{L}\p{N}_]*|\$)/u.exec(path);
  if (!start) return null;
  let text = start[1] === "$$" ? context : start[1] === "$" ? root : start[1];
  SEGMENT.lastIndex = start[1].length;
  while (SEGMENT.lastIndex < path.length) {
    const at = SEGMENT.lastIndex;
    const found = SEGMENT.exec(path);
    if (!found || found.index !== at) return null;
    const [, plain, index, single, double] = found;
    const name = plain ?? single ?? double;
    if (index !== undefined) text += `[${index}]`;
    else if (name.includes("`")) return null;
    else text += /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && !RESERVED.has(name) ? `.${name}` : `.\`${name}\``;
  }
  return text;
}

const RESERVED = new Set(["and", "or", "in", "true", "false", "null", "function"]);

/** The expression of a value behind ".$": a path or an intrinsic function. */
export function valueExpression(text, root) {
  const parser = new Parser(text.trim(), root);
  const made = parser.value();
  return made !== null && parser.at === parser.text.length ? made : null;
}

const quoted = (text) => JSON.stringify(text);
const joined = (parts) => (parts.length ? parts.join(" & ") : '""');
const FUNCTIONS = {
  Format: (_args, [template, ...rest]) => {
    if (typeof template?.text !== "string") return null;
    const pieces = template.text.split("{}");
    if (pieces.length !== rest.length + 1) return null;
    return joined(pieces.flatMap((piece, index) => [...(piece ? [quoted(piece)] : []), ...(index < rest.length ? [rest[index].made] : [])]));
  },
  StringToJson: ([value]) => `$parse(${value})`, JsonToString: ([value]) => `$string(${value})`,
  Array: (args) => `[${args.join(", ")}]`, ArrayContains: ([list, value]) => `${value} in ${list}`, ArrayGetItem: ([list, index]) => `${list}[${index}]`,
  ArrayLength: ([list]) => `$count(${list})`, ArrayPartition: ([list, size]) => `$partition(${list}, ${size})`, ArrayUnique: ([list]) => `$distinct(${list})`,
  ArrayRange: ([first, last, step]) => `$range(${first}, ${last}, ${step})`, JsonMerge: ([a, b]) => `$merge([${a}, ${b}])`, MathAdd: ([a, b]) => `${a} + ${b}`,
  StringSplit: ([text, mark], [, parsed]) => (parsed?.text?.length === 1 ? `$split(${text}, ${mark})` : null),
  Hash: ([value, kind]) => `$hash(${value}, ${kind})`, UUID: () => "$uuid()",
    Base64Encode: ([value]) => `$base64encode(${value})`, Base64Decode: ([value]) => `$base64decode(${value})`,
};

/** Reads one value: a path, a call, a number, a text in single quotes, a word. */
class Parser {
  constructor(text, root) { Object.assign(this, { text, root, at: 0 }); }

  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  value() { return this.part()?.made ?? null; }

  part() {
    const call = this.take(/States\.(\w+)\(/y);
    if (call) return this.call(call[1]);
    const string = this.take(/'((?:[^'\\]|\\.)*)'/y);
    if (string) { const text = string[1].replace(/\\(.)/g, "$1"); return { text, made: quoted(text) }; }
    const word = this.take(/-?\d+(?:\.\d+)?|true|false|null/y);
    if (word) return { made: word[0] };
    const path = this.take(/\$(?:\[(?:'[^']*'|"[^"]*"|[^\]'"]*)\]|[^,)\s[])*/y);
    return path ? { made: pathExpression(path[0], this.root) } : null;
  }

  call(name) {
    const parts = [];
    this.take(/\s*/y);
    while (!this.take(/\)/y)) {
      if (parts.length && !this.take(/,\s*/y)) return null;
      const part = this.part();
      if (!part || part.made === null) return null;
      parts.push(part);
      this.take(/\s*/y);
    }
    const made = FUNCTIONS[name]?.(parts.map((part) => (/^[^"]* (?:\+|in|&) /.test(part.made) ? `(${part.made})` : part.made)), parts) ?? null;
    return made === null ? null : { made };
  }
}
