"""Machines out of templates and into them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from designer.exchange.templates_in import TemplateError, filled_in, machines_in
from designer.exchange.templates_out import as_html, as_sam, as_terraform, as_yaml
from tests.designer.drawings import WORKFLOWS, read

ARN = "arn:aws:lambda:us-east-1:000000000000:function:{}"
MACHINE = {
    "Comment": "注文 <b>", "StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": ARN.format("charge-card"), "Next": "B"},
        "B": {"Type": "Pass", "Result": "a\nb",
              "Parameters": {"x.$": "States.Format('${keep} {}', $.x)"}, "End": True}},
}
SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      DefinitionSubstitutions: {ChargeArn: !GetAtt Charge.Arn, Table: !Ref Orders}
      Definition:
        StartAt: A
        States:
          A: {Type: Task, Resource: "${ChargeArn}", TimeoutSeconds: "${Wait}", End: true}
  Other: {Type: "AWS::S3::Bucket"}
"""
CLOUDFORMATION = {"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
    "StateMachineName": "orders", "DefinitionString": {"Fn::Sub": json.dumps(
        {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Charge.Arn}", "End": True}}})}}}}}


def test_a_sam_template_with_substitutions() -> None:
    (found,) = machines_in(SAM)
    assert (found.name, found.kind) == ("Orders", "EXPRESS")
    assert found.placeholders == {"ChargeArn": "${Charge.Arn}", "Wait": ""}
    done = json.loads(filled_in(found.definition, {"ChargeArn": 'arn "x"'}))
    assert done["States"]["A"]["Resource"] == 'arn "x"'
    assert done["States"]["A"]["TimeoutSeconds"] == "${Wait}"


def test_a_cloudformation_template_with_the_definition_as_text() -> None:
    (found,) = machines_in(json.dumps(CLOUDFORMATION))
    assert (found.name, found.kind, found.placeholders) == ("orders", "STANDARD", {"Charge.Arn": ""})
    assert json.loads(found.definition)["StartAt"] == "A"


def test_a_terraform_file() -> None:
    text = """resource "aws_sfn_state_machine" "orders" {
  type = "EXPRESS"
  definition = <<-EOF
    {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${aws_lambda_function.f.arn}", "End": true}}}
  EOF
}
resource "aws_sfn_state_machine" "more" {
  definition = jsonencode({ StartAt = "A" })
}
"""
    with pytest.raises(TemplateError, match="definition of more"):
        machines_in(text)
    (found,) = machines_in(text.partition('resource "aws_sfn_state_machine" "more"')[0])
    assert (found.name, found.kind, list(found.placeholders)) == ("orders", "EXPRESS", ["aws_lambda_function.f.arn"])


@pytest.mark.parametrize(("text", "told"), [
    ("[1]", "neither"), ("hello", "neither"), ("{a: 1}", "neither States"),
    ("Resources: {B: {Type: 'AWS::S3::Bucket'}}", "no state"),
    ("a: [", "neither as JSON nor as YAML"), ("{", "neither as JSON nor as YAML"),
    ("Resources: {M: {Type: 'AWS::Serverless::StateMachine', Properties: {DefinitionUri: x}}}", "file of its own"),
])
def test_what_holds_no_machine_is_told(text: str, told: str) -> None:
    with pytest.raises(TemplateError, match=told):
        machines_in(text)


@pytest.mark.parametrize("path", [path for path in WORKFLOWS if path.suffix == ".yaml"], ids=lambda path: path.name)
def test_yaml_workflows_of_the_corpus_are_read(path: Path) -> None:
    (found,) = machines_in(path.read_text(encoding="utf-8"), "x")
    assert list(json.loads(found.definition)["States"]) == list(map(str, read(path)["States"]))


def test_yaml_gives_the_same_data_back() -> None:
    assert yaml.safe_load(as_yaml(MACHINE)) == MACHINE
    assert list(yaml.safe_load(as_yaml(MACHINE))) == list(MACHINE)


def test_sam_comes_back_as_it_went() -> None:
    text = as_sam(MACHINE, "order-processing", "STANDARD")
    assert "OrderProcessingStateMachine" in text
    (found,) = machines_in(text)
    assert found.name == "order-processing"
    assert json.loads(filled_in(found.definition, {"ChargeCardFunctionArn": ARN.format("charge-card")})) == MACHINE


def test_terraform_keeps_what_looks_like_its_own_templates() -> None:
    text = as_terraform(MACHINE, "注文-1", "EXPRESS")
    assert '"Resource": "${var.charge_card_function_arn}"' in text
    assert "$${keep}" in text
    (found,) = machines_in(text)
    assert found.kind == "EXPRESS"
    values = {"var.charge_card_function_arn": ARN.format("charge-card")}
    assert json.loads(filled_in(found.definition, values)) == MACHINE


def test_a_page_of_its_own_holds_everything_and_runs_nothing() -> None:
    page = as_html(MACHINE, "<x>", "dark")
    assert "<svg" in page
    assert "<script" not in page
    assert "注文 &lt;b&gt;" in page
    assert "&lt;x&gt;" in page
    assert "src=" not in page
