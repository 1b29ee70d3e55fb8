"""HTTP tasks against a server of the tests' own: requests, results, errors, connections."""

from __future__ import annotations

import base64
import ipaddress
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from executions.integrations.http import authorizing
from executions.integrations.http.connections import save_connection
from executions.integrations.http.exchange import Transport
from executions.integrations.http.models import Connection
from executions.integrations.http.task import HttpTask
from executions.integrations.kinds import TaskError
from executions.store import in_thread
from tests.executions.integrations.conftest import ANYBODY, Bench, Sent, request

ARN = "arn:aws:states:::http:invoke"
TRANSPORT = Transport((ipaddress.ip_network("127.0.0.0/8"),))


class Handler(BaseHTTPRequestHandler):
    """Tells what it was asked; /status/404, /text, /image, /token do what they say."""

    protocol_version = "HTTP/1.1"
    tokens: list[dict[str, str]] = []

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        path = urlsplit(self.path)
        if path.path.startswith("/status/"):
            self._answer(int(path.path[8:]), "application/json", json.dumps({"why": "because"}))
        elif path.path == "/text":
            self._answer(200, "text/plain", "こんにちは")
        elif path.path == "/image":
            self._answer(200, "image/png", "PNG")
        elif path.path == "/token":
            self.tokens.append({"authorization": self.headers["Authorization"], "body": body})
            self._answer(200, "application/json", json.dumps({"access_token": f"t-{len(self.tokens)}",
                                                              "expires_in": 3600}))
        else:
            self._answer(200, "application/json", json.dumps({
                "method": self.command, "path": path.path, "query": parse_qsl(path.query), "body": body,
                "headers": {name.lower(): value for name, value in self.headers.items()}}))

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET

    def do_HEAD(self) -> None:
        self._answer(200, "application/json", "")

    def _answer(self, status: int, kind: str, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


async def invoke(url: str, **parameters: Any) -> Any:
    sent = Sent()
    await HttpTask(TRANSPORT).run(request(ARN, {"ApiEndpoint": url, "Method": "GET", **parameters}), sent)
    assert sent.kinds == ["Began", "Replied"]
    return sent.signals[-1].output  # type: ignore[union-attr]


async def failure(url: str, **parameters: Any) -> TaskError:
    with pytest.raises(TaskError) as caught:
        await HttpTask(TRANSPORT).run(request(ARN, {"ApiEndpoint": url, "Method": "GET", **parameters}), Sent())
    return caught.value


async def test_the_result(url: str) -> None:
    result = await invoke(f"{url}/a?b=1", QueryParameters={"c": ["2", "3"], "d": "日本"}, Headers={"X-Own": "yes"})
    assert list(result) == ["Headers", "ResponseBody", "StatusCode", "StatusText"]
    assert (result["StatusCode"], result["StatusText"]) == (200, "OK")
    assert result["Headers"]["content-type"] == ["application/json"]
    asked = result["ResponseBody"]
    assert asked["query"] == [["b", "1"], ["c", "2"], ["c", "3"], ["d", "日本"]]
    assert asked["headers"]["x-own"] == "yes"
    assert asked["headers"]["user-agent"] == "Amazon|StepFunctions|HttpInvoke|us-east-1"
    assert asked["headers"]["range"] == "bytes=0-262144"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_methods_and_bodies(url: str, method: str) -> None:
    asked = (await invoke(f"{url}/", Method=method, RequestBody={"注文": [1]}))["ResponseBody"]
    assert (asked["method"], asked["body"]) == (method, '{"注文":[1]}')
    assert asked["headers"]["content-type"] == "application/json"
    assert (await invoke(f"{url}/", Method=method, RequestBody="as it is"))["ResponseBody"]["body"] == "as it is"


async def test_head_has_no_body(url: str) -> None:
    assert (await invoke(f"{url}/", Method="HEAD"))["ResponseBody"] == ""


@pytest.mark.parametrize(("form", "body"), [
    (None, "a%5B0%5D=1&a%5B1%5D=x%20y&b=true"), ("INDICES", "a%5B0%5D=1&a%5B1%5D=x%20y&b=true"),
    ("REPEAT", "a=1&a=x%20y&b=true"), ("COMMAS", "a=1%2Cx%20y&b=true"), ("BRACKETS", "a%5B%5D=1&a%5B%5D=x%20y&b=true"),
])
async def test_forms(url: str, form: str | None, body: str) -> None:
    transform: dict[str, Any] = {"RequestBodyEncoding": "URL_ENCODED"}
    if form:
        transform["RequestEncodingOptions"] = {"ArrayFormat": form}
    asked = await invoke(
        f"{url}/", Method="POST", RequestBody={"a": [1, "x y"], "b": True}, Transform=transform,
        Headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert asked["ResponseBody"]["body"] == body


async def test_other_text_and_no_text(url: str) -> None:
    assert (await invoke(f"{url}/text"))["ResponseBody"] == "こんにちは"
    assert (await failure(f"{url}/image")).error == "States.Runtime"


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
async def test_statuses(url: str, status: int) -> None:
    error = await failure(f"{url}/status/{status}")
    assert (error.error, error.cause) == (f"States.Http.StatusCode.{status}", '{"why": "because"}')


async def test_nobody_there() -> None:
    assert (await failure("http://127.0.0.1:1/")).error == "States.Http.Socket"


@pytest.mark.parametrize(("parameters", "said"), [
    ({"Method": "TRACE"}, 'The field "Method" must be one of'), ({"Method": None}, "is required but was missing"),
    ({"Headers": {"X": 1}}, "The value of the field 'Headers' has an invalid format"),
    ({"Headers": {"Host": "x"}}, "The header 'Host' is not allowed"),
    ({"QueryParameters": {"a": {}}}, "The value of the field 'QueryParameters' has an invalid format"),
    ({"Transform": {"RequestBodyEncoding": "URL_ENCODED"}}, "the header 'Content-Type' must be"),
    ({"Bogus": 1}, 'The field "Bogus" is not supported'), ({"ApiEndpoint": "https://127.0.0.2.nip/"}, ""),
])
async def test_wrong_parameters(parameters: dict[str, Any], said: str) -> None:
    error = await failure("https://10.0.0.1/", **parameters)
    assert error.error in ("States.Runtime", "States.Http.Socket")
    assert said in str(error.cause)


async def test_private_hosts_are_refused_in_a_task(sent: Sent) -> None:
    parameters = {"ApiEndpoint": "https://169.254.169.254/latest", "Method": "GET"}
    with pytest.raises(TaskError) as caught:
        await HttpTask(Transport()).run(request(ARN, parameters), sent)
    assert caught.value.error == "States.Runtime"
    assert "not public" in str(caught.value.cause)


# -- connections

async def connection(kind: str, **settings: Any) -> Connection:
    return await in_thread(save_connection, ANYBODY, "shop", kind=kind, settings=settings)


async def asked_with(row: Connection, url: str, **parameters: Any) -> Any:
    answer = await invoke(f"{url}/", Authentication={"ConnectionArn": row.arn}, **parameters)
    return answer["ResponseBody"]


async def test_basic(threads: None, url: str) -> None:
    row = await connection("BASIC", username="user", password="密码", headers={"X-Key": "k"}, query={"q": "1"})
    asked = await asked_with(row, url, Headers={"x-key": "mine"}, QueryParameters={"q": "2"})
    assert base64.b64decode(asked["headers"]["authorization"].removeprefix("Basic ")).decode() == "user:密码"
    assert (asked["headers"]["x-key"], asked["query"]) == ("k", [["q", "1"]])


async def test_api_key_and_body(threads: None, url: str) -> None:
    row = await connection("API_KEY", apiKeyName="X-Api-Key", apiKeyValue="s3cret", body={"tenant": "t"})
    asked = await asked_with(row, url, Method="POST", RequestBody={"tenant": "mine", "a": 1})
    assert asked["headers"]["x-api-key"] == "s3cret"
    assert json.loads(asked["body"]) == {"tenant": "t", "a": 1}
    error = await failure(f"{url}/", Method="POST", RequestBody="text", Authentication={"ConnectionArn": row.arn})
    assert error.error == "States.Runtime"


async def test_tokens_are_kept(threads: None, url: str) -> None:
    Handler.tokens.clear()
    row = await connection("OAUTH_CLIENT_CREDENTIALS", authorizationEndpoint=f"{url}/token", clientId="id",
                           clientSecret="s3cret", body={"scope": "all"})
    for _ in range(3):
        assert (await asked_with(row, url))["headers"]["authorization"] == "Bearer t-1"
    assert [each["body"] for each in Handler.tokens] == ["grant_type=client_credentials&scope=all"]
    assert base64.b64decode(Handler.tokens[0]["authorization"].removeprefix("Basic ")) == b"id:s3cret"
    await failure(f"{url}/status/401", Authentication={"ConnectionArn": row.arn})
    assert (await asked_with(row, url))["headers"]["authorization"] == "Bearer t-2"  # a refused token is not kept
    authorizing._tokens.clear()


@pytest.mark.parametrize(("path", "error"), [
    ("/status/401", "Events.ConnectionResource.AccessDenied"), ("/text", "Events.ConnectionResource.AccessDenied"),
])
async def test_no_token(threads: None, url: str, path: str, error: str) -> None:
    row = await connection("OAUTH_CLIENT_CREDENTIALS", authorizationEndpoint=f"{url}{path}", clientId="id",
                           clientSecret="s3cret")
    failed = await failure(f"{url}/", Authentication={"ConnectionArn": row.arn})
    assert failed.error == error
    assert "s3cret" not in str(failed.cause)


async def test_a_connection_that_does_not_exist(threads: None, url: str) -> None:
    error = await failure(f"{url}/", Authentication={"ConnectionArn": "arn:aws:events:us-east-1:0:connection/x/y"})
    assert error.error == "Events.ConnectionResource.ResourceNotFound"


async def test_an_execution(bench: Bench) -> None:
    """The whole way; the tests' settings allow no private host, so this one is refused and the execution ends."""
    execution = await bench.begin({"StartAt": "Call", "States": {"Call": {
        "Type": "Task", "Resource": ARN, "Parameters": {"ApiEndpoint": "https://127.0.0.1/", "Method": "GET"},
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Call"}], "End": True}}})
    row = await bench.until(execution)
    assert (row.status, row.error) == ("FAILED", "States.Runtime")  # nothing catches it
    assert "STATEWRIGHT_HTTP_ALLOW" in str(row.cause)
