"""JSONata: evaluation in place agrees with the helper; failures have AWS's texts; nothing runs for ever (§4)."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.asl import jsonata
from designer.asl.errors import QUERY_EVALUATION, StateError
from designer.asl.jsonata.evaluate import Unbounded, compile_in_place
from designer.asl.jsonata.lexer import JsonataSyntaxError
from designer.asl.jsonata.messages import MEMORY, STACK, TEXTS, TIMEOUT
from designer.asl.jsonata.parser import parse
from designer.asl.jsonata.processes import HELPERS
from designer.asl.jsonata.quarantine import Quarantine
from designer.asl.jsonata.values import MISSING, Irregular
from designer.asl.scope import ABSENT, Scope

NOW = 1_700_000_000_000
RUNAWAY = "$contains('" + "b" * 40 + "!', /^(b|bb)+$/)"
DATA: dict[str, Any] = {
    "items": [{"id": 1, "price": 2.5, "tag": "a"}, {"id": 2, "price": 4, "tag": "b", "sizes": [1, 2]}],
    "n": 5,
    "name": "Ana",
    "o": {"k": "v", "é": 1},
    "one": [7],
    "empty": [],
    "nul": None,
    "deep": [[{"x": 1}], [{"x": 2}]],
    "text": "a,b,c",
    "flag": False,
    "big": 9_007_199_254_740_993,
    "zero": 0,
    "f": 2.0,
}
VARIABLES = {"v": 1, "list": [1, 2, 3], "obj": {"a": {"b": [1]}}}


def scope(result: Any = ABSENT) -> Scope:
    generator = random.Random(3)
    made = Scope(DATA, lambda: {"State": {"Name": "S"}}, VARIABLES, lambda: generator, NOW)
    made.result = result
    return made


def evaluate(expression: str, kind: str = "", field: str = "Output") -> Any:
    return jsonata.compile_value(f"{{% {expression} %}}", field, kind)(scope())


def here(expression: str) -> Any:
    return compile_in_place(parse(expression))(scope())


def there(expression: str) -> Any:
    names = {"states": {"input": DATA, "context": {"State": {"Name": "S"}}}, **VARIABLES}
    found = HELPERS.evaluate(expression, names, 1, NOW)
    return MISSING if "undefined" in found else found["value"]


IN_PLACE = [
    "1",
    "-1.5",
    "'a'",
    "null",
    "true",
    "$v",
    "$none",
    "$states.input",
    "$states.context.State.Name",
    "$obj.a.b",
    "$states.input.items.id",
    "$states.input.items.sizes",
    "$states.input.items.none",
    "$states.input.items[0]",
    "$states.input.items[0].id",
    "$states.input.items[-1].id",
    "$states.input.items[9]",
    "$states.input.items.id[0]",
    "$states.input.items[id = 2].price",
    "$states.input.items[tag = 'a' or price > 3].id",
    "$states.input.items[sizes].id",
    "$states.input.items[[0, 1]].id",
    "$states.input.one",
    "$states.input.one[0]",
    "$states.input.empty",
    "$states.input.nul",
    "$states.input.nul.x",
    "$states.input.deep.x",
    "$states.input.deep[0].x",
    "$states.input.deep[1][0]",
    "$states.input.o.é",
    "$states.input.o.`k`",
    "$states.input.'name'",
    "$states.input.items.(id * 2)",
    "$states.input.items.{'i': id}",
    "$states.input.items.(price > 3 ? id : 0)",
    "($x := 5; $y := $x * 2; $y)",
    "($x := 1; ($x := 2; $x) + $x)",
    "(1; 2)",
    "$states.input.n + 1",
    "1 + 2 * 3 - 4 / 2",
    "7 / 2",
    "7 % 3",
    "-7 % 3",
    "7.5 % 2",
    "0.1 + 0.2",
    "-$states.input.n",
    "1 + $none",
    "'a' & 'b' & 1 & true & null & $none",
    "'' & {'a': [1]}",
    "1 = 1.0",
    "'1' = 1",
    "$none = 1",
    "$none != 1",
    "[1, 2] = [1, 2]",
    "{'a': 1} = {'a': 1}",
    "true = 1",
    "1 < 2",
    "'b' >= 'a'",
    "1 < $none",
    "3 in [1, 2, 3]",
    "'x' in 'x'",
    "4 in $list",
    "true and 'x'",
    "$none or false",
    "$states.input.empty and true",
    "{} or ''",
    "[0] or [0, 0]",
    "1 > 2 ? 'a'",
    "1 < 2 ? 'a' : 'b'",
    "[]",
    "[1, [2, 3], $list, 1..3]",
    "[$none, $states.input.one]",
    "[1..3]",
    "[3..1]",
    "{'a': $none, 'b': [1]}",
    "[1, 2, 3][$ > 1]",
    "[1, 2, 3][$ = 9]",
    "[[1, 2], [3]][0]",
    "([1, 2])[1]",
    "$list[1]",
    "$string('x')",
    "$string(5)",
    "$string([1, 'a', null])",
    "$length('日本')",
    "$uppercase('aé')",
    "$lowercase('AÉ')",
    "$trim('  a \n b ')",
    "$substring('hello', 1)",
    "$substring('hello', -3, 2)",
    "$substring('hello', 9)",
    "$substring('hello', 1, 0)",
    "$substringBefore('a-b-c', '-')",
    "$substringAfter('a-b-c', '-')",
    "$substringAfter('a', '-')",
    "$contains('abc', 'b')",
    "$split($states.input.text, ',')",
    "$split('a', ',')",
    "$join(['a', 'b'], '-')",
    "$join('a')",
    "$number('12')",
    "$number('1.50')",
    "$number(true)",
    "$abs(-3)",
    "$floor(-1.5)",
    "$ceil(1.2)",
    "$round(2.5)",
    "$round(3.5)",
    "$round(1.25, 1)",
    "$round(4.525, 2)",
    "$round(4.515, 2)",
    "$length('\\uD834\\uDD1E')",
    "$substringBefore('abc', '')",
    "$round(125, -1)",
    "$sum([1, 2.5])",
    "$sum([])",
    "$sum($states.input.items.price)",
    "$max([1, 3, 2])",
    "$min(4)",
    "$max([])",
    "$average([1, 2])",
    "$count([1, 2])",
    "$count($none)",
    "$count(1)",
    "$append([1], 2)",
    "$append(1, 2)",
    "$append($none, 1)",
    "$append([], [])",
    "$reverse([1, 2, 3])",
    "$keys({'a': 1, 'b': 2})",
    "$keys({'a': 1})",
    "$keys([{'a': 1}, {'b': 1}])",
    "$keys({})",
    "$lookup({'a': 1}, 'a')",
    "$lookup({'a': 1}, 'b')",
    "$merge([{'a': 1}, {'a': 2}])",
    "$exists($none)",
    "$exists(null)",
    "$boolean([])",
    "$boolean([0])",
    "$boolean('0')",
    "$not(1)",
    "$not($none)",
    "$type([])",
    "$type($none)",
    "$type(1)",
    "$partition([1, 2, 3], 2)",
    "$partition([], 2)",
    "$partition([1, 2], 1.9)",
    "$range(0, 9, 3)",
    "$range(1, 9, 9)",
    "$range(3, 1, -1)",
    "$range(1, 3, 0)",
    "$range(3, 1, 1)",
    "$hash('input data', 'SHA-1')",
    "$random(7)",
    "$parse('{\"a\": [1, 2.5]}')",
    "$states.input.big",
    "$states.input.f",
    "$length($states.input.name) = 3",
    "/* comment */ 1 /* and */ + 2",
    "$states.input.items[price < 3][0].id",
    "$count($states.input.items[price > 1])",
    "$states.input.items[$v].id",
    "$states.input.items[$states.input.zero].id",
    "$states.input.items.price[$ > 3]",
]


@pytest.mark.parametrize("expression", IN_PLACE)
def test_in_place_agrees_with_the_helper(expression: str) -> None:
    answer = here(expression)
    assert repr(list(answer) if isinstance(answer, list) else answer) == repr(there(expression))


@pytest.mark.parametrize(
    "expression",
    [
        "$map([1], function($x){$x})",
        "$states.input.items^(price)",
        "/a/",
        "$contains('a', /a/)",
        "$states.input.*",
        "$states.input.items@$i",
        "$states.input.items#$i",
        "($f := function(){1}; $f())",
        "$sum ~> $string",
        "$states.input.**",
        "$states.input ~> |o|{'x': 1}|",
        "$formatNumber(1, '0')",
        "$states.input.items{tag: id}",
        "$states.input.items[]",
        "$substring(?, 1)",
        "$sum",
        "($sum := 1; $sum)",
    ],
)
def test_what_does_not_run_in_place(expression: str) -> None:
    with pytest.raises(Unbounded):
        compile_in_place(parse(expression))


@pytest.mark.parametrize(
    "expression",
    [
        "'a' + 1",
        "1 / 0",
        "1 < 'a'",
        "$sum('a')",
        "$length(5)",
        "9223372036854775807 + 1",
        "{1: 2}",
        "{'a': 1, 'a': 2}",
        "[1..1e9]",
        "[1..100000]",
        "$parse('{')",
        "$hash('a', 'CRC')",
        "$string(1.5)",
        "$lookup(1, 'a')",
        "-'a'",
        "$join([1])",
    ],
)
def test_what_is_irregular(expression: str) -> None:
    with pytest.raises(Irregular):
        here(expression)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$map([1, 2], function($x){$x * 2})", [2, 4]),
        ("$states.input.items^(>price).id", [2, 1]),
        ("$states.input.items#$i.{'i': $i, 'id': id}", [{"i": 0, "id": 1}, {"i": 1, "id": 2}]),
        ("$contains('hello$world', /^hello\\$/)", True),
        ("$states.input.items{tag: id}", {"a": 1, "b": 2}),
        ("1 / 0", "Infinity"),
        ("$string(1.5)", "1.5"),
        ("$now()", "2023-11-14T22:13:20.000Z"),
        ("$millis()", NOW),
        ("$now('[Y]')", "2023"),
        ("$map([3], $string)", "3"),
        ("($states.input.items.$hash(tag, 'MD5'))[0]", "0cc175b9c0f1b6a831c399e269772661"),
        ("$map([1, 2, 3], function($x){$partition([$x, $x], 1)})[0]", [[1], [1]]),
        ("$states.input.big", 9_007_199_254_740_993),
    ],
)
def test_gives(expression: str, value: Any) -> None:
    assert evaluate(expression) == value


@pytest.mark.parametrize(
    ("expression", "kind", "what"),
    [
        ("$states.input.none", "", "returned nothing (undefined)."),
        ("$fn := function($x){$x}", "", "returned an unsupported result type."),
        ("[function($x){$x}]", "", "returned an unsupported result type."),
        ("1", "array", "returned an unexpected result type. Expected 'array', but was 'number' for value: 1"),
        (
            "'string'",
            "array",
            "returned an unexpected result type. Expected 'array', but was 'string' for value: \"string\"",
        ),
        ("null", "array", "returned an unexpected result type. Expected 'array', but was 'null' for value: null"),
        (
            "{'foo': 'bar'}",
            "array",
            "returned an unexpected result type. Expected 'array', but was 'object' for value: {\"foo\":\"bar\"}",
        ),
        ("true", "array", "returned an unexpected result type. Expected 'array', but was 'boolean' for value: true"),
        ("$randomSeeded(1)", "", "threw an error during evaluation. T1006: Attempted to invoke a non-function"),
        ("[1..10000001]", "", "threw an error during evaluation. D2014: "),
        (
            "$range(1, 1000000000, 1)",
            "",
            "threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory "
            "usage",
        ),
        (
            "($f := function($n){$f($n) + 1}; $f(1))",
            "",
            "threw an error during evaluation: Stack overflow error: Check for non-terminating recursive function.  "
            "Consider rewriting as tail-recursive. Depth=101 max=100",
        ),
    ],
)
def test_fails(expression: str, kind: str, what: str) -> None:
    with pytest.raises(StateError) as raised:
        evaluate(expression, kind, "Output/x[0]")
    assert (raised.value.error, raised.value.location) == (QUERY_EVALUATION, "Output/x[0]")
    assert raised.value.cause is not None
    assert raised.value.cause.startswith(
        f"The JSONata expression '{expression}' specified for the field 'Output/x[0]' {what}"
    )


# What AWS was measured to answer (TestState, 2026; reported in public issue trackers), and JSONata's own words.
ERRORS = {
    "$eval('1+1')": "T1006: Attempted to invoke a non-function",
    "$formatNumber(1, 'x')": "D3086: The sub-picture must not contain a passive character that is preceded by an "
                             "active character and that is followed by another active character",
    "$sum(['a'])": 'T0412: Argument 1 of function "sum" must be an array of "numbers"',
    "$abs('a')": 'T0410: Argument 1 of function "abs" does not match function signature',
    "$uppercase('a') & $substring('abc', 'x')": 'T0410: Argument 2 of function "substring" does not match function '
                                                "signature",
    "$split('a')": 'T0411: Context value is not a compatible type with argument 1 of function "split"',
    "$map([1], function($x){$join([$x])})": 'T0412: Argument 1 of function "join" must be an array of "strings"',
    "$map(['é', 1], $uppercase)": 'T0410: Argument 1 of function "uppercase" does not match function signature',
    "1 + 'a'": 'T2002: The right side of the "+" operator must evaluate to a number',
    "'a' * 1": 'T2001: The left side of the "*" operator must evaluate to a number',
    "'a' < 1": 'T2009: The values "a" and 1 either side of operator "<" must be of the same data type',
    "[1, 2] >= 3": 'T2010: The expressions either side of operator ">=" must evaluate to numeric or string values',
    "-'a'": 'D1002: Cannot negate a non-numeric value: "a"',
    "{1: 2}": "T1003: Key in object structure must evaluate to a string; got: 1",
    "{'a': 1, 'a': 2}": 'D1009: Multiple key definitions evaluate to same key: "a"',
    "$number('abc')": 'D3030: Unable to cast value to a number: "abc"',
    "$sqrt(-1)": "D3060: The sqrt function cannot be applied to a negative number: -1",
    "$formatBase(1, 99)": "D3100: The radix of the formatBase function must be between 2 and 36.  It was given 99",
    "$toMillis('foo')": "D3110: The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given "
                        '"foo"',
    "$error('boom')": "D3137: boom",
    "$single([1, 2], function($x){true})": "D3138: The $single() function expected exactly 1 matching result.  Instead "
                                           "it matched more.",
}  # fmt: skip


@pytest.mark.parametrize(("expression", "text"), ERRORS.items())
def test_errors_have_the_words_of_jsonata(expression: str, text: str) -> None:
    with pytest.raises(StateError, match=r"threw an error during evaluation\. ") as raised:
        evaluate(expression)
    assert raised.value.cause is not None
    assert raised.value.cause.endswith(f"' specified for the field 'Output' threw an error during evaluation. {text}")


def test_what_cannot_be_told_leaves_the_words_of_the_library() -> None:
    found = HELPERS.evaluate("$count(1, 2)", {}, 1, NOW)
    assert found["error"].startswith("T0410: Argument ")
    assert "{" not in found["error"]
    assert all("{" not in text or "}" in text for text in TEXTS.values())


@pytest.mark.parametrize(("expression", "limit"), [
    ("[1..873783] ~> $count()", MEMORY), ("$sum([1..900000])", MEMORY), ("+".join(["1"] * 101), STACK),
    ("($f := function($n){$f($n + 1)}; $f(1))", TIMEOUT), ("($f := function($n){$f($n) + 1}; $f(1))", STACK),
])  # fmt: skip
def test_limits_of_the_evaluator(expression: str, limit: str) -> None:
    with pytest.raises(StateError) as raised:
        evaluate(expression)
    assert raised.value.cause is not None
    assert raised.value.cause.endswith(f"' threw an error during evaluation: {limit}")


@pytest.mark.parametrize(("expression", "value"), [
    ("[1..873782] ~> $count()", 873_782), ("+".join(["1"] * 100), 100), ("$random(42)", 0.7275636800328681),
    ("$map([42], $random)", 0.7275636800328681), ("$random(-1) = $map([-1], $random)", True), ("0/0", "NaN"),
    ("-1/0", "-Infinity"), ("$string(1e20)", "100000000000000000000"), ("1e3", 1000),
    ("$range(0, 1, 0.5)", [0, 0.5, 1]),
])  # fmt: skip
def test_as_aws_was_measured(expression: str, value: Any) -> None:
    found = evaluate(expression)
    assert (found, type(found)) == (value, type(value))


def test_a_result_that_is_null_is_there() -> None:
    around = scope(None)
    for expression, value in (("$states.result", None), ("$map([1], function($x){$type($states.result)})", "null")):
        assert jsonata.compile_value(f"{{% {expression} %}}", "Output")(around) == value
    with pytest.raises(StateError, match="returned nothing"):
        evaluate("$states.result")


@pytest.mark.parametrize(("expression", "name"), [
    ("$eval('1')", "eval"), ("$map([1], function($x){$nope($x)})", "nope"), ("$nope(?)", "nope"),
    ("($f := function($g){$g(1)}; $f($string))", None), ("$uppercase('a')", None), ("$uuid()", None),
])  # fmt: skip
def test_functions_that_do_not_exist(expression: str, name: str | None) -> None:
    assert jsonata.check(f"{{% {expression} %}}") == []
    assert jsonata.missing_function(f"{{% {expression} %}}") == name


@pytest.mark.parametrize(
    "expression", ["$contains('" + "a" * 40 + "!', /^(a|aa)+$/)", "($f := function($n){$f($n + 1)}; $f(1))"]
)
def test_a_runaway_is_ended_and_the_next_is_answered(expression: str) -> None:
    with pytest.raises(StateError) as raised:
        evaluate(expression)
    assert raised.value.error == QUERY_EVALUATION
    assert evaluate("$map([1], function($x){$x + 1})") == 2


def test_a_helper_that_dies_is_replaced() -> None:
    assert evaluate("$sort([2, 1])") == [1, 2]
    process = HELPERS._idle[-1]._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert evaluate("$sort([2, 1])") == [1, 2]


def test_two_threads_use_two_helpers() -> None:
    """A runaway in one thread does not keep the other waiting for its end."""
    runaway = threading.Thread(target=HELPERS.evaluate, args=(RUNAWAY, {}, 1, NOW))
    runaway.start()
    while len(HELPERS.pids()) == HELPERS._count and runaway.is_alive():
        pass
    assert evaluate("$sort([2, 1])") == [1, 2]
    assert runaway.is_alive()
    runaway.join()


def test_quarantine() -> None:
    text = RUNAWAY.replace("!", "?")
    for _ in range(2):
        assert HELPERS.evaluate(text, {}, 1, NOW) == {"limit": TIMEOUT}
    before = HELPERS.pids()
    assert HELPERS.evaluate(text, {}, 1, NOW) == {"limit": TIMEOUT}
    assert HELPERS.pids() == before


def test_warm_starts_processes_and_returns() -> None:
    HELPERS.close()
    jsonata.warm()
    assert len(HELPERS.pids()) == 2
    assert evaluate("$sort([2, 1])") == [1, 2]


def test_compiling_warms_when_a_helper_will_be_needed() -> None:
    HELPERS.close()
    jsonata.compile_value("{% $states.input %}", "Output")
    assert HELPERS.pids() == []
    jsonata.compile_value("{% $sort([1]) %}", "Output")
    assert len(HELPERS.pids()) == 2


def test_book_of_the_quarantine() -> None:
    book, late, full = Quarantine(1_000), {"limit": "late"}, {"limit": "full"}
    book.failed("a", 0.0, 1_000, late)
    assert book.refusal("a", 0.0) is None
    book.failed("a", 1.0, 1_000, late)
    assert [book.refusal("a", now) for now in (1.0, 60.0, 61.0)] == [late, late, None]
    book.failed("a", 61.0, 1_000, full)
    assert [book.refusal("a", now) for now in (61.0, 180.0, 181.0)] == [full, full, None]
    book.succeeded("a")
    assert book.refusal("a", 62.0) is None
    assert book.refusal("b", 62.0) is None


def test_memory_eaters_are_in_quarantine_too() -> None:
    text = "$reduce([1..60], function($a, $b){$a & $a}, 'abcdefgh')"
    answers = [HELPERS.evaluate(text, {}, 1, NOW) for _ in range(3)]
    assert all("limit" in answer for answer in answers)
    before = HELPERS.pids()
    assert HELPERS.evaluate(text, {}, 1, NOW) == answers[-1]
    assert HELPERS.pids() == before


def test_deadlines_get_short_while_much_time_is_lost() -> None:
    book = Quarantine(1_000)
    book.succeeded("good")
    for number in range(3):
        assert book.deadline("new", 0.0) == 1_000
        book.failed(f"bad {number}", 0.0, 1_000, {"limit": ""})
    assert (book.deadline("new", 1.0), book.deadline("good", 1.0), book.deadline("new", 60.0)) == (250, 1_000, 1_000)


def test_an_array_in_an_array_stays_one() -> None:
    """jsonata2py flattens a range in brackets here; jsonata-js does not."""
    assert evaluate("[0, [1..3]]") == [0, [1, 2, 3]]


def test_chance_is_the_same_at_every_replay() -> None:
    for expression in (
        "$uuid()",
        "$random()",
        "$map([1, 2], function($x){$random()})",
        "$map([1], function($x){$uuid()})",
        "$shuffle([1, 2, 3, 4, 5, 6])",
    ):
        assert evaluate(expression) == evaluate(expression)


def test_values_around_expressions() -> None:
    value = {"a": ["{% $v %}", " {% $v %} ", {"b": "{% $states.input.none %}"}], "c": 1}
    code = jsonata.compile_value(value, "Output")
    with pytest.raises(StateError) as raised:
        code(scope())
    assert raised.value.location == "Output/a[2]/b"
    assert jsonata.compile_value(["{% $v %}", " {% $v %} "], "Output")(scope()) == [1, " {% $v %} "]


@pytest.mark.parametrize(
    ("expression", "kind", "value"),
    [
        ("5", "integer", 5),
        ("2.0", "integer", 2),
        ("5", "positive integer", 5),
        ("99.5", "percentage", 99.5),
        ("'1970-01-01T00:00:01Z'", "timestamp", 1000),
        ("[1]", "array or object", [1]),
        ("{}", "array or object", {}),
    ],
)
def test_kinds(expression: str, kind: str, value: Any) -> None:
    assert evaluate(expression, kind) == value


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("-1", "integer"),
        ("1.5", "integer"),
        ("true", "integer"),
        ("0", "positive integer"),
        ("101", "percentage"),
        ("'5'", "percentage"),
        ("'today'", "timestamp"),
        ("5", "timestamp"),
        ("5", "boolean"),
        ("5", "string"),
    ],
)
def test_other_kinds_fail(expression: str, kind: str) -> None:
    with pytest.raises(StateError) as raised:
        evaluate(expression, kind)
    assert raised.value.error == QUERY_EVALUATION


# ---- before it runs ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("phone", "Reference to 'phone' at the top level is not supported."),
        ("[phone]", "Reference to 'phone' at the top level is not supported."),
        ("$", "Reference to '$' at the top level is not supported."),
        ("$states.input[$$.x]", "Reference to '$$' is not supported."),
        ("$states.result", "Reference to '$states.result' is not supported in this field."),
        ("", "The JSONata expression is empty"),
        ("$states.input.a[1,2)", 'Expected "]", got ","'),
        ('"unterminated', "String literal must be terminated by a matching quote"),
        ("1 +", "Unexpected end of expression"),
        ('{"a":}', 'The symbol "}" cannot be used as a unary operator'),
        ("$x :=", "Unexpected end of expression"),
        ('$match("a", /abc', "No terminating / in regular expression"),
        ("1 .. 2", 'Syntax error: ".."'),
        ("(1", 'Expected ")" before end of expression'),
    ],
)
def test_refused(expression: str, message: str) -> None:
    assert [fault.message for fault in jsonata.check(f"{{%{expression}%}}")] == [message]


def test_each_bare_name_is_told_once() -> None:
    faults = jsonata.check("{% {'a': phone, 'b': name & phone, 'c': $states.input[name = $x].id} %}")
    assert [fault.message for fault in faults] == [
        f"Reference to '{name}' at the top level is not supported." for name in ("phone", "name")
    ]
    assert [fault.message for fault in jsonata.check("{% phone & $$.x %}")] == ["Reference to '$$' is not supported."]


@pytest.mark.parametrize(
    "expression",
    [
        "$states.input[phone]",
        "$states.input.(phone)",
        "$map($list, function($x){phone})",
        "$states.input{a: b}",
        "$states.input^(phone)",
        "$list[$ > 1]",
        "$states.input.phone",
    ],
)
def test_not_refused(expression: str) -> None:
    assert jsonata.check(f"{{% {expression} %}}") == []


def test_where_result_may_be_read() -> None:
    assert jsonata.check("{% $states.result %}", jsonata.ALWAYS | {"result"}) == []
    assert jsonata.check("{% $states.errorOutput %}", jsonata.ALWAYS | {"errorOutput"}) == []


@pytest.mark.parametrize(
    "expression",
    [
        "(",
        "1 +",
        "[1",
        "{'a'}",
        "'a",
        "`a",
        "/a",
        "//",
        "a..",
        "1 2",
        "$x := ",
        "1 := 2",
        "function(x){1}",
        "function($x",
        "/* a",
        "'\\q'",
        "a.1",
        "a^(",
        "a@1",
        "10e1000",
        "($a := [1, 2]; $a[1] := 3)",
        "a ?? 1",
        "a ?: 1",
        ")",
        "?",
        "1 ? 2 :",
        "(" * 200 + ")" * 200,
        "[" * 5000,
        "1" + "+1" * 40_000,
        "!",
        "a ~ b",
    ],
)
def test_syntax_errors(expression: str) -> None:
    with pytest.raises(JsonataSyntaxError):
        parse(expression)


@given(
    st.lists(
        st.sampled_from(
            [
                "$",
                "$$",
                "$x",
                "a",
                "1",
                "'s'",
                "(",
                ")",
                "[",
                "]",
                "{",
                "}",
                ".",
                ",",
                ";",
                ":",
                "?",
                ":=",
                "+",
                "-",
                "*",
                "**",
                "/",
                "%",
                "&",
                "=",
                "~>",
                "@",
                "#",
                "^",
                "|",
                "..",
                "function",
                " ",
                "and",
            ]
        )
    )
)
def test_parsing_gives_a_tree_or_a_syntax_error(parts: list[str]) -> None:
    with contextlib.suppress(JsonataSyntaxError):
        parse("".join(parts))
