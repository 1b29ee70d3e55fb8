// Translation: Django's JavaScriptCatalog (/jsi18n/) puts gettext on the global object; under node
// and before it is loaded the English text stands for itself.

/** The text in the person's language. */
export function _(text) {
  return globalThis.gettext ? globalThis.gettext(text) : text;
}

/** `ngettext`: the form for `count`, with %(count)s filled in. */
export function plural(one, many, count) {
  const text = globalThis.ngettext ? globalThis.ngettext(one, many, count) : count === 1 ? one : many;
  return fill(text, { count: count.toLocaleString(language()) });
}

/** Fills %(name)s in `text` from `values`. */
export function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The page's language, "en" or "ja". */
export function language() {
  return globalThis.document?.documentElement.lang || "en";
}
