"""ARNs and names: what is read, what is refused and with which words."""

from __future__ import annotations

import pytest

from designer import arns
from designer.errors import ActionError

P = "arn:aws:states:us-east-1:123456789012"
MACHINE = f"{P}:stateMachine:order"


@pytest.mark.parametrize(("text", "kind", "name", "label", "qualifier", "execution"), [
    (MACHINE, "stateMachine", "order", None, None, None),
    (f"{MACHINE}:12", "stateMachine", "order", None, "12", None),
    (f"{MACHINE}:PROD-1", "stateMachine", "order", None, "PROD-1", None),
    (f"{MACHINE}/Files", "stateMachine", "order", "Files", None, None),
    (f"{P}:stateMachine:注文.処理", "stateMachine", "注文.処理", None, None, None),
    (f"{P}:execution:order:e-1", "execution", "order", None, None, "e-1"),
    (f"{P}:execution:order/Files:e-1", "execution", "order", "Files", None, "e-1"),
    (f"{P}:express:order:e-1:u-2", "express", "order", None, None, "e-1:u-2"),
    (f"{P}:mapRun:order/Files:u-2", "mapRun", "order", "Files", None, "u-2"),
    (f"{P}:activity:pack", "activity", "pack", None, None, None),
    (f"{P.replace('aws', 'aws-cn', 1)}:activity:pack", "activity", "pack", None, None, None),
])
def test_each_form_is_read(text, kind, name, label, qualifier, execution):
    arn = arns.parse(text)
    assert (arn.kind, arn.name, arn.label, arn.qualifier, arn.execution) == (kind, name, label, qualifier, execution)
    assert (arn.region, arn.account, arn.text) == ("us-east-1", "123456789012", text)


@pytest.mark.parametrize(("qualifier", "version", "alias"), [
    ("", None, None), (":7", 7, None), (":v7", None, "v7"), (":7-", None, "7-"),
])
def test_a_qualifier_of_digits_is_a_version(qualifier, version, alias):
    arn = arns.parse(MACHINE + qualifier)
    assert (arn.version, arn.alias, arn.machine) == (version, alias, MACHINE)


@pytest.mark.parametrize(("text", "reason"), [
    ("order", "Invalid ARN prefix: order"),
    ("", "Invalid ARN prefix: "),
    ("arn%3Aaws", "Invalid ARN prefix: arn%3Aaws"),
    ("arn:aws:states", "Malformed ARN: arn:aws:states"),
    (f"{P}:lambda", f"Malformed ARN: {P}:lambda"),
    (f"{P}:function:f", "Resource type not valid in this context: function"),
    ("arn:aws:lambda:us-east-1:123456789012:function:f", "Service not valid in this context: lambda"),
    ("arn:azure:states:us-east-1:123456789012:activity:a", "Partition not valid in this context: azure"),
    ("arn:aws:states:us-east-1:123:activity:a", "Malformed ARN: arn:aws:states:us-east-1:123:activity:a"),
    (f"{MACHINE}:1:2", f"Malformed ARN: {MACHINE}:1:2"),
    (f"{P}:stateMachine:", f"Malformed ARN: {P}:stateMachine:"),
    (f"{P}:stateMachine:a b", f"Malformed ARN: {P}:stateMachine:a b"),
    (f"{P}:activity:a/b", f"Malformed ARN: {P}:activity:a/b"),
    (f"{P}:execution:order", f"Malformed ARN: {P}:execution:order"),
    (f"{P}:mapRun:order:u", f"Malformed ARN: {P}:mapRun:order:u"),
])
def test_anything_else_is_refused(text, reason):
    with pytest.raises(ActionError) as refused:
        arns.parse(text)
    assert (refused.value.code, refused.value.message) == ("InvalidArn", f"Invalid Arn: '{reason}'")


def test_the_kind_must_be_one_of_those_asked_for():
    with pytest.raises(ActionError, match="'Resource type not valid in this context: stateMachine'"):
        arns.parse(MACHINE, arns.EXECUTION, arns.EXPRESS)


@pytest.mark.parametrize("name", ["a", "x" * 80, "activity-name_1.2", "注文処理", "名前'()!=+@", "é"])
def test_names_that_aws_accepts(name):
    assert arns.check_name(name) == name


@pytest.mark.parametrize("name", [
    "", "x" * 81, "a b", "a\u3000b", "a\tb", *(f"a{char}" for char in "<>{}[]?*\"#%\\^|~`$&,;:/"),
    "a\x00", "a\x1f", "a\x7f", "a\x9f", "a\ud800", "a\ufffe", "a\uffff", "a\U0010ffff", "a\n",
])
def test_names_that_aws_forbids(name):
    with pytest.raises(ActionError) as refused:
        arns.check_name(name)
    assert (refused.value.code, refused.value.message) == ("InvalidName", f"Invalid Name: '{name}'")


@pytest.mark.parametrize(("built", "text"), [
    (arns.machine_arn("123456789012", "us-east-1", "order"), MACHINE),
    (arns.qualified_arn(MACHINE, 3), f"{MACHINE}:3"),
    (arns.qualified_arn(MACHINE, "PROD"), f"{MACHINE}:PROD"),
    (arns.labelled_arn(MACHINE, "Files"), f"{MACHINE}/Files"),
    (arns.execution_arn(MACHINE, "e"), f"{P}:execution:order:e"),
    (arns.express_arn(MACHINE, "e", "u"), f"{P}:express:order:e:u"),
    (arns.map_run_arn(MACHINE, "Files", "u"), f"{P}:mapRun:order/Files:u"),
    (arns.activity_arn("123456789012", "us-east-1", "pack"), f"{P}:activity:pack"),
])
def test_what_is_built_can_be_read(built, text):
    assert built == text
    assert arns.parse(built).text == text
