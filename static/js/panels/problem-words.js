// What the codes of the checker mean, for those who do not read English: the checker's own words are English, and
// partly AWS's.  The list of codes is designer/asl/codes.py.

import { _, fill, language } from "../lib/i18n.js";

const MEANINGS = {
  INVALID_JSON_DESCRIPTION: _("The text is not JSON."),
  INVALID_YAML_DESCRIPTION: _("The text is not YAML, or has what JSON cannot say."),
  SCHEMA_VALIDATION_FAILED: _("A field is missing, unknown, of the wrong type, out of range, or excludes another."),
  INVALID_RESOURCE: _("The Resource of a Task is no known ARN or integration."),
  MISSING_END_STATE: _("A list of states has no state that ends it."),
  DUPLICATE_STATE_NAME: _("Two states have the same name."),
  INVALID_STATE_NAME: _("The name of a state is empty or longer than 80 characters."),
  DUPLICATE_LABEL_NAME: _("Two Map states have the same Label."),
  INVALID_LABEL_NAME: _("The Label of a Map state is empty, too long, or has a character that is refused."),
  MISSING_TRANSITION_TARGET: _("A transition names a state that is not there, or a state cannot be reached."),
  TOO_DEEPLY_NESTED: _("States, rules or values are nested too deeply."),
  INVALID_JSONATA_EXPRESSION: _("A JSONata expression cannot be parsed."),
  UNSUPPORTED_JSONATA_EXPRESSION: _("A JSONata expression uses what is not there in its field."),
  NO_DOLLAR: _("A value looks like a path or an intrinsic function, but its name does not end in '.$'."),
  NO_PATH: _("A value looks like a path, but the name of its field does not end in 'Path'."),
  PASS_RESULT_IS_STATIC: _("The Result of a Pass state holds what looks like a path."),
  MISSING_PARAMETERS: _("A task sends the state's input to a service as it is."),
  NEVER_ENDING_LOOP: _("States lead in a circle that nothing leaves."),
  UNUSED_VARIABLE: _("A variable is assigned and never read."),
  UNDEFINED_VARIABLE: _("A variable is read and never assigned."),
  RETRIER_NEVER_MATCHES: _("An entry of Retry, or one of its error names, never matches."),
  CATCHER_NEVER_MATCHES: _("An entry of Catch, or one of its error names, never matches."),
  PATH_NEVER_EXISTS: _("A path leads nowhere in the data that comes to the state."),
  PATH_SOMETIMES_MISSING: _("A path leads nowhere on some of the ways to the state, or in some past executions."),
  WRONG_TYPE: _("A value is not of the kind that the state or the function needs."),
  COMPARISON_NEVER_MATCHES: _("A comparison never matches, since the value is of another kind."),
  NO_CHOICE_MATCHES: _("No rule of a Choice state matches the data, and there is no Default."),
  VARIABLE_NOT_ASSIGNED: _("A variable is not assigned on any way to the state."),
  DATA_REPLACED: _("A path reads what was there before the result of a state took the place of all data."),
  DEPENDS_ON_RESULT: _("Whether a path leads anywhere depends on the unknown result of the task before."),
  EXECUTION_NOT_AWAITED: _("A task starts an execution and does not wait for its end."),
};

/** What the problem's code means, in the person's language; "" in English, where the message itself says it. */
export const meaningOf = (problem) => (language() === "en" ? "" : MEANINGS[problem.code] ?? "");

// The titles of fixes as designer/asl writes them, to be said in the person's language.
const TITLES = [
  [/^Keep the input of (.+): write the result beside it with ResultPath$/, () => _("Keep the input of %(what)s: write the result beside it with ResultPath")],
  [/^Assign the number to (.+) in (.+), and compare that$/, () => _("Assign the number to %(what)s in %(to)s, and compare that")],
  [/^Compare with (.+)$/, () => _("Compare with %(what)s")], [/^Wait for the execution with (.+)$/, () => _("Wait for the execution with %(what)s")],
  [/^Remove the state (.+)$/, () => _("Remove the state %(what)s")], [/^Remove the variable (.+)$/, () => _("Remove the variable %(what)s")],
  [/^Remove the entry of (.+)$/, () => _("Remove the entry of %(what)s")],
    [/^Remove the blanks around the expression$/, () => _("Remove the blanks around the expression")],
  [/^Remove (.+)$/, () => _("Remove %(what)s")], [/^Rename (.+) to (.+)$/, () => _("Rename %(what)s to %(to)s")],
    [/^Write it as an array$/, () => _("Write it as an array")],
  [/^Write (.+) without quotes$/, () => _("Write %(what)s without quotes")],
    [/^Write (.+)$/, () => _("Write %(what)s")], [/^Start at (.+)$/, () => _("Start at %(what)s")],
  [/^Go to (.+)$/, () => _("Go to %(what)s")], [/^Call (.+)$/, () => _("Call %(what)s")], [/^Add (.+)$/, () => _("Add %(what)s")],
  [/^Move the entry to the end$/, () => _("Move the entry to the end")], [/^Keep only (.+)$/, () => _("Keep only %(what)s")],
];

/** What a fix does, in the person's language. */
export function fixTitle({ title }) {
  for (const [pattern, text] of TITLES) {
    const found = pattern.exec(title);
    if (found) return fill(text(), { what: found[1], to: found[2] });
  }
  return title;
}
