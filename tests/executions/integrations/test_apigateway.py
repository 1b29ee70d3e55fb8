"""apigateway:invoke against a server of the tests' own: addresses, headers, signatures, results, errors."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from executions.integrations.apigateway import task
from executions.integrations.apigateway.schema import read
from executions.integrations.apigateway.task import ApiGatewayTask
from executions.integrations.http.exchange import Answer, Outgoing, SocketError, Transport
from executions.integrations.kinds import TaskError
from tests.executions.integrations.conftest import Sent, request

ARN = "arn:aws:states:::apigateway:invoke"
CALL = {"ApiEndpoint": "abc.execute-api.us-east-1.amazonaws.com", "Method": "POST", "Stage": "prod", "Path": "/orders"}


class Asked(Transport):
    """Keeps what is sent; TLS and addresses are the matter of test_http_task."""

    __slots__ = ()
    answer = Answer(200, "OK", {"content-type": ["application/json"]}, b'{"id":1}')
    outgoing: list[Outgoing] = []

    async def send(self, outgoing: Outgoing) -> Answer:
        Asked.outgoing.append(outgoing)
        if Asked.answer.status == 0:
            raise SocketError("nobody there")
        return Asked.answer


async def invoke(arn: str = ARN, **parameters: Any) -> Sent:
    sent = Sent()
    Asked.outgoing.clear()
    await ApiGatewayTask(Asked()).run(request(arn, CALL | parameters), sent)
    return sent


async def test_result_address_and_body() -> None:
    sent = await invoke(QueryParameters={"a": ["1", "2"], "q": "x y"}, Headers={"X-Many": ["a", "b"]},
                        RequestBody={"注文": 1})
    assert sent.kinds == ["Began", "Replied"]
    assert sent.signals[-1].output == {  # type: ignore[union-attr]
        "Headers": {"content-type": ["application/json"]}, "ResponseBody": {"id": 1}, "StatusCode": 200,
        "StatusText": "OK"}
    asked = Asked.outgoing[0]
    assert (asked.method, asked.url) == ("POST", f"https://{CALL['ApiEndpoint']}/prod/orders?a=1&a=2&q=x%20y")
    assert asked.headers == (("X-Many", "a"), ("X-Many", "b"), ("Content-Type", "application/json"))
    assert asked.body.decode() == '{"注文":1}'


async def test_waiting_for_the_token() -> None:
    assert (await invoke(f"{ARN}.waitForTaskToken")).kinds == ["Began", "Submitted"]


async def test_a_signed_request() -> None:
    await invoke(AuthType="IAM_ROLE")
    headers = dict(Asked.outgoing[0].headers)
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=emulator/")
    assert "/us-east-1/execute-api/aws4_request" in headers["Authorization"]


async def test_nothing_to_sign_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task.CLIENTS, "credentials", lambda: None)
    with pytest.raises(TaskError) as caught:
        await invoke(AuthType="IAM_ROLE")
    assert caught.value.error == "ApiGateway.SdkClientException"
    assert "AWS_ACCESS_KEY_ID" in (caught.value.cause or "")


@pytest.mark.parametrize(("status", "error", "cause"), [
    (404, "ApiGateway.404", '{"id":1}'), (500, "ApiGateway.500", '{"id":1}'),
    (0, "ApiGateway.SdkClientException", "Unable to execute HTTP request: nobody there"),
])
async def test_errors(monkeypatch: pytest.MonkeyPatch, status: int, error: str, cause: str) -> None:
    monkeypatch.setattr(Asked, "answer", dataclasses.replace(Asked.answer, status=status))
    with pytest.raises(TaskError) as caught:
        await invoke()
    assert (caught.value.error, caught.value.cause) == (error, cause)


async def test_private_hosts_are_refused() -> None:
    with pytest.raises(TaskError) as caught:
        await ApiGatewayTask().run(request(ARN, CALL | {"ApiEndpoint": "169.254.169.254"}), Sent())
    assert caught.value.error == "States.Runtime"
    assert "169.254.169.254" in (caught.value.cause or "")


@pytest.mark.parametrize(("change", "said"), [
    ({"ApiEndpoint": "https://x"}, "without https://"), ({"ApiEndpoint": "a/../b"}, "without https://"),
    ({"Method": "FETCH"}, "must be one of"), ({"Headers": {"Host": "x"}}, "'Host' is not allowed"),
    ({"Headers": {"X": None}}, "must be a string"), ({"AuthType": "MAGIC"}, "must be one of"),
    ({"Bogus": 1}, '"Bogus" is not supported'), ({"QueryParameters": []}, "must be an object"),
])
def test_wrong_parameters(change: dict[str, Any], said: str) -> None:
    with pytest.raises(TaskError) as caught:
        read(CALL | change)
    assert caught.value.error == "States.Runtime"
    assert said in (caught.value.cause or "")


def test_null_values_where_they_are_allowed() -> None:
    assert read(CALL | {"AllowNullValues": True, "QueryParameters": {"a": None}}).url.endswith("/prod/orders?a=")
