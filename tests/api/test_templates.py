"""What CDK and SAM write, brought to the real server by boto3 alone, as a deployment does: functions, then machines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from designer.exchange.templates_in import filled_in, machines_in
from tests.api.test_boto3 import ROLE, client_with, ended
from tests.support.server import Server

pytestmark = [pytest.mark.acceptance, pytest.mark.one_database]

FOLDER = Path(__file__).resolve().parent / "templates"
PSEUDO = {"AWS::Partition": "aws", "AWS::Region": "us-east-1", "AWS::AccountId": "000000000000"}


@pytest.fixture(scope="module")
def server(each_database):
    with Server() as server:
        yield server


@pytest.fixture(scope="module")
def client(server):
    return server.client()


def deploy(server, name, code, runtime, handler):
    """The function's ARN."""
    return client_with(server, "lambda").create_function(
        FunctionName=name, Runtime=runtime, Role=ROLE, Handler=handler, Code={"ZipFile": code.encode()})["FunctionArn"]


def resolved(value, arns):
    """A template's value with its functions carried out."""
    if not isinstance(value, dict):
        return value
    (name, given), = value.items()
    if name == "Fn::Join":
        return given[0].join(resolved(part, arns) for part in given[1])
    return PSEUDO[given] if name == "Ref" else arns[given[0]]


def output_of(client, machine, given):
    arn = client.start_execution(stateMachineArn=machine, input=json.dumps(given))["executionArn"]
    described = ended(client, arn)
    assert described["status"] == "SUCCEEDED", described
    return json.loads(described["output"])


def test_what_cdk_writes(server, client):
    resources = json.loads((FOLDER / "cdk.json").read_text(encoding="utf-8"))["Resources"]
    arns = {}
    for name, resource in resources.items():
        given = resource["Properties"]
        if resource["Type"] == "AWS::Lambda::Function":
            arns[name] = deploy(server, given["FunctionName"], given["Code"]["ZipFile"], given["Runtime"],
                                given["Handler"])
    (given,) = (each["Properties"] for each in resources.values() if each["Type"].endswith("StateMachine"))
    machine = client.create_state_machine(
        name=given["StateMachineName"], definition=resolved(given["DefinitionString"], arns), roleArn=ROLE)
    output = output_of(client, machine["stateMachineArn"], {"n": 6, "items": [1, 2, 3]})
    assert (output["r"], output["s"]) == ({"v": 12}, {"v": 24})


def test_what_sam_writes(server, client):
    text = (FOLDER / "sam.yaml").read_text(encoding="utf-8")
    (found,) = machines_in(text)
    code = 'def handler(event, context):\n    return f"Hello, {event[\'name\']}"\n'
    arn = deploy(server, "sam-greet", code, "python3.13", "index.handler")
    definition = filled_in(found.definition, dict.fromkeys(found.placeholders, arn))
    machine = client.create_state_machine(name=found.name, definition=definition, roleArn=ROLE)
    assert output_of(client, machine["stateMachineArn"], {"name": "SAM"}) == "Hello, SAM"
