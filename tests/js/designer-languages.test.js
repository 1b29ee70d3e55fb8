// JSONPath said in JSONata; rules joined and turned.

import assert from "node:assert/strict";
import { test } from "node:test";
import { expressionFrom, expressionOf, isExpression } from "../../static/js/model/expressions.js";
import { inJsonata, inJsonataWhole } from "../../static/js/model/languages.js";
import { pathExpression, valueExpression } from "../../static/js/model/path-expressions.js";
import { ruleExpression } from "../../static/js/model/rule-expressions.js";
import { comparisonOf, kindOf, turned } from "../../static/js/model/rules.js";

const IN = "$states.input";

test("paths", () => {
  const said = (path) => pathExpression(path, IN);
  assert.deepEqual(["$", "$.a.b", "$.a[0]['b c']", "$$.Execution.Id", "$order.id", "$.注文.番号", "$.a-b", "$.in"].map(said),
    [IN, `${IN}.a.b`, `${IN}.a[0].\`b c\``, "$states.context.Execution.Id", "$order.id", `${IN}.注文.番号`, `${IN}.\`a-b\``, `${IN}.\`in\``]);
  assert.deepEqual(["$..a", "$.a[*]", "$.a[?(@.b)]", "a", "$.a[1:2]"].map(said), [null, null, null, null, null]);
});

test("intrinsic functions", () => {
  const said = (text) => valueExpression(text, IN);
  assert.equal(said("States.Format('Order {} of {}', $.id, $$.Execution.Name)"), `"Order " & ${IN}.id & " of " & $states.context.Execution.Name`);
  assert.equal(said("States.ArrayLength(States.Array($.a, 1, 'x'))"), `$count([${IN}.a, 1, "x"])`);
  assert.equal(said("States.MathAdd(States.MathAdd($.a, 1), -2)"), `(${IN}.a + 1) + -2`);
  assert.equal(said("States.StringSplit($.a, ',')"), `$split(${IN}.a, ",")`);
  assert.deepEqual(["States.StringSplit($.a, ',;')", "States.Nix()", "States.UUID() x", "States.Array($.a[*])"].map(said), [null, null, null, null]);
  assert.equal(said("States.UUID()"), "$uuid()");
});

test("conditions", () => {
  const said = (rule) => ruleExpression(rule, IN);
  assert.equal(said({ Variable: "$.a", NumericGreaterThan: 5 }), `$type(${IN}.a) = "number" and ${IN}.a > 5`);
  assert.equal(said({ Variable: "$.a", StringEquals: "x" }), `${IN}.a = "x"`);
  assert.equal(said({ And: [{ Variable: "$.a", IsPresent: true }, { Or: [{ Variable: "$.a", IsNull: false }, { Not: { Variable: "$.b", BooleanEquals: true } }] }] }),
    `$exists(${IN}.a) and ($type(${IN}.a) != "null" or $not(${IN}.b = true))`);
  assert.equal(said({ Variable: "$.a", TimestampLessThanPath: "$.b" }), `$type(${IN}.a) = "string" and $toMillis(${IN}.a) < $toMillis(${IN}.b)`);
  assert.equal(said({ Variable: "$.a", StringMatches: "x*" }), null);
});

test("a task's data flow is one Arguments and one Output", () => {
  const { state, left } = inJsonata({ Type: "Task", Resource: "r", InputPath: "$.order", Parameters: { "id.$": "$.id", fixed: 1 }, ResultSelector: { "code.$": "$.c" },
    ResultPath: "$.paid", OutputPath: "$.paid.code", TimeoutSecondsPath: "$.t", Catch: [{ ErrorEquals: ["E"], ResultPath: "$.error", Next: "X" }], Next: "N" });
  assert.equal(left, 0);
  assert.deepEqual(state, {
    Type: "Task", Resource: "r", Catch: [{ ErrorEquals: ["E"], Next: "X", Output: '{% $merge([$states.input, {"error": $states.errorOutput}]) %}' }],
    TimeoutSeconds: "{% $states.input.order.t %}", Arguments: { id: "{% $states.input.order.id %}", fixed: 1 },
    Output: '{% ($out := $merge([$states.input, {"paid": {"code": $states.result.c}}]); $out.paid.code) %}', Next: "N",
  });
});

test("pass, wait, fail, map and choice", () => {
  assert.deepEqual(inJsonata({ Type: "Pass", Result: { a: 1 }, Next: "N" }).state, { Type: "Pass", Output: { a: 1 }, Next: "N" });
  assert.deepEqual(inJsonata({ Type: "Pass", Parameters: { "a.$": "$.b" }, ResultPath: null, End: true }).state, { Type: "Pass", End: true });
  assert.deepEqual(inJsonata({ Type: "Wait", SecondsPath: "$.s", End: true }).state, { Type: "Wait", Seconds: "{% $states.input.s %}", End: true });
  assert.deepEqual(inJsonata({ Type: "Fail", ErrorPath: "$.e", Cause: "c" }).state, { Type: "Fail", Cause: "c", Error: "{% $states.input.e %}" });
  const map = inJsonata({ Type: "Map", ItemsPath: "$.list", ItemSelector: { "i.$": "$$.Map.Item.Value" }, ItemProcessor: {}, End: true }).state;
  assert.deepEqual([map.Items, map.ItemSelector], ["{% $states.input.list %}", { i: "{% $states.context.Map.Item.Value %}" }]);
  assert.deepEqual(inJsonata({ Type: "Map", ItemReader: { Resource: "r", ReaderConfig: { InputType: "JSON", MaxItemsPath: "$.n" }, Parameters: { "Key.$": "$.k" } }, End: true }).state.ItemReader,
    { Resource: "r", ReaderConfig: { InputType: "JSON", MaxItems: "{% $states.input.n %}" }, Arguments: { Key: "{% $states.input.k %}" } });
  assert.deepEqual(inJsonata({ Type: "Choice", Choices: [{ Variable: "$.a", StringEquals: "x", Next: "N" }], Default: "D" }).state,
    { Type: "Choice", Default: "D", Choices: [{ Condition: '{% $states.input.a = "x" %}', Next: "N" }] });
});

test("what has no counterpart stays and is counted", () => {
  const odd = { Type: "Task", Resource: "r", Parameters: { "a.$": "$..b" }, ResultPath: "$.a[0]", Next: "N" };
  const { state, left } = inJsonata(odd);
  assert.deepEqual([state, left], [odd, 2]);
  const machine = { StartAt: "P", States: { P: { Type: "Parallel", Branches: [{ StartAt: "W", States: { W: { Type: "Wait", SecondsPath: "$..x", End: true } } }], End: true } } };
  const whole = inJsonataWhole(machine);
  assert.deepEqual([whole.left, whole.definition.QueryLanguage, whole.definition.States.P.Branches[0].States.W.SecondsPath], [1, "JSONata", "$..x"]);
});

test("expressions", () => {
  assert.deepEqual(["{% a %}", " {%a%} ", "a", 1].map(isExpression), [true, true, false, false]);
  assert.equal(expressionOf("{%  $a\n %}"), "$a");
  assert.equal(expressionFrom({ a: "{% $b %}", c: [1, null, "x"] }), '{"a": $b, "c": [1, null, "x"]}');
});

test("the kind of a rule, and turning it into another", () => {
  const leaf = { Variable: "$.a", IsNull: true };
  assert.deepEqual([leaf, { And: [leaf] }, { Not: { Or: [leaf, leaf] } }, { Or: [] }, { And: [leaf], Or: [leaf] }, { Variable: "$.a", IsNull: true, IsString: true }, null].map(kindOf),
    ["comparison", "And", "Not", "other", "other", "other", "other"]);
  assert.deepEqual(turned({ ...leaf, Comment: "c" }, "And"), { And: [leaf], Comment: "c" });
  assert.deepEqual(turned({ And: [leaf, { Variable: "$.b", IsNull: true }] }, "Or"), { Or: [leaf, { Variable: "$.b", IsNull: true }] });
  assert.deepEqual(turned({ And: [leaf, leaf] }, "Not"), { Not: { And: [leaf, leaf] } });
  assert.deepEqual(turned({ Not: leaf }, "comparison"), leaf);
  assert.deepEqual(comparisonOf({ Or: [{ Not: leaf }] }), leaf);
});
