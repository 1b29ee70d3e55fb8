// The choice of the query language, of the machine and of one state; what can be said in the other language is rewritten.

import { html, nothing } from "lit";
import { _, fill, plural } from "../lib/i18n.js";
import { toast } from "../lib/toasts.js";
import { setAt } from "../model/edits.js";
import { inJsonata, inJsonataWhole } from "../model/languages.js";
import { selectField } from "./fields.js";

const LANGUAGES = [{ value: "JSONPath", label: "JSONPath" }, { value: "JSONata", label: "JSONata" }];

/** `left` places could not be rewritten; the problems say where. */
function say(left) {
  if (left) toast(plural("%(count)s field must be rewritten by hand; the problems say which.",
    "%(count)s fields must be rewritten by hand; the problems say which.", left), { kind: "info" });
}

export function machineLanguage({ definition, edit, readOnly }) {
  const value = definition.QueryLanguage ?? "JSONPath";
  const change = (chosen) => {
    if (chosen === "JSONPath") { edit(setAt("/QueryLanguage", undefined), _("Query language")); return; }
    const { definition: whole, left } = inJsonataWhole(definition);
    if (edit(setAt("", whole), _("Query language"))) say(left);
  };
  return selectField({ name: "machine language", label: _("Query language"), value, options: LANGUAGES, readOnly, onChange: change,
    hint: value === "JSONPath" ? _("Choosing JSONata rewrites paths and functions as expressions, in all states.") : "" });
}

/** A state may use JSONata in a JSONPath machine, never the other way round. */
export function stateLanguage({ definition, state, pointer, edit, readOnly }) {
  const own = state.QueryLanguage;
  if (definition.QueryLanguage === "JSONata" && own === undefined) return nothing;
  const change = (chosen) => {
    if (chosen === "JSONata" && own !== "JSONata") {
      const { state: rewritten, left } = inJsonata(state);
      if (edit(setAt(pointer, { ...rewritten, QueryLanguage: "JSONata" }), _("Query language"))) say(left);
    } else edit(setAt(`${pointer}/QueryLanguage`, chosen || undefined), _("Query language"));
  };
  const whole = definition.QueryLanguage ?? "JSONPath";
  const options = [{ value: "", label: fill(_("As the machine (%(language)s)"), { language: whole }) }, ...LANGUAGES];
  return html`${selectField({ name: `${pointer} language`, label: _("Query language"), value: own ?? "", options, readOnly, onChange: change })}`;
}
