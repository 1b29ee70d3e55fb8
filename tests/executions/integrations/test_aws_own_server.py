"""AWS resources that the emulator does not have: what is sent, and what an answer becomes, at a server of the tests'
own that answers as the services' models say."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from designer.config import AWS_VARIABLES
from designer.settings import CONFIG
from executions.integrations.aws import clients
from executions.integrations.aws.clients import CLIENTS
from executions.integrations.aws.emulator import EMULATOR
from tests.executions.integrations.aws import failure_of, result_of


class Service:
    """`answer` is (status, headers, body); `asked` what came: (method, path, body)."""

    def __init__(self) -> None:
        self.answer: tuple[int, dict[str, str], Any] = (200, {}, {})
        self.asked: list[tuple[str, str, Any]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                service.asked.append((self.command, self.path, json.loads(body or b"null")))
                status, headers, answer = service.answer
                text = json.dumps(answer).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", "Content-Length": str(len(text)),
                                    "x-amzn-RequestId": "request-1", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_PUT = do_POST

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    service = Service()
    monkeypatch.setattr(EMULATOR, "endpoint", lambda: service.url)
    yield service
    service.close()


async def test_a_model_is_invoked(service: Service) -> None:
    service.answer = (200, {}, {"completion": "こんにちは"})
    result = await result_of("bedrock:invokeModel", {
        "ModelId": "anthropic.claude-v2", "ContentType": "application/json", "Body": {"prompt": "hello"}})
    assert result == {"Body": {"completion": "こんにちは"}, "ContentType": "application/json"}
    assert service.asked == [("POST", "/model/anthropic.claude-v2/invoke", {"prompt": "hello"})]


# (resource, parameters, the service's answer, what comes of it, what the service was asked)
CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], Any]] = [
    ("aws-sdk:bedrock:getEvaluationJob", {"JobIdentifier": "job-1"},
     {"jobName": "n", "status": "Completed", "creationTime": "2026-01-02T03:04:05Z"},
     {"JobName": "n", "Status": "Completed", "CreationTime": "2026-01-02T03:04:05Z"}, None),
    ("aws-sdk:bedrockagent:getIngestionJob",
     {"KnowledgeBaseId": "KB", "DataSourceId": "DS", "IngestionJobId": "IJ"},
     {"ingestionJob": {"ingestionJobId": "IJ", "status": "COMPLETE", "startedAt": "2026-01-02T03:04:05.600Z"}},
     {"IngestionJob": {"IngestionJobId": "IJ", "Status": "COMPLETE", "StartedAt": "2026-01-02T03:04:05.600Z"}}, None),
    ("aws-sdk:bedrockagent:createDataSource",
     {"KnowledgeBaseId": "KB", "Name": "docs", "ClientToken": "t" * 33, "DataSourceConfiguration": {
         "Type": "S3", "S3Configuration": {"BucketArn": "arn:aws:s3:::docs"}}},
     {"dataSource": {"dataSourceId": "DS", "status": "AVAILABLE"}},
     {"DataSource": {"DataSourceId": "DS", "Status": "AVAILABLE"}},
     {"name": "docs", "clientToken": "t" * 33, "dataSourceConfiguration": {
         "type": "S3", "s3Configuration": {"bucketArn": "arn:aws:s3:::docs"}}}),
    ("aws-sdk:translate:translateText",
     {"Text": "hello", "SourceLanguageCode": "en", "TargetLanguageCode": "ja"},
     {"TranslatedText": "こんにちは", "SourceLanguageCode": "en", "TargetLanguageCode": "ja"},
     {"TranslatedText": "こんにちは", "SourceLanguageCode": "en", "TargetLanguageCode": "ja"},
     {"Text": "hello", "SourceLanguageCode": "en", "TargetLanguageCode": "ja"}),
    ("aws-sdk:frauddetector:getEventPrediction",
     {"DetectorId": "d", "EventId": "e", "EventTypeName": "t", "EventTimestamp": "2026-01-01T00:00:00Z",
      "Entities": [{"EntityType": "c", "EntityId": "1"}], "EventVariables": {"Price": "1"}},
     {"ruleResults": [{"ruleId": "r", "outcomes": ["approve"]}]},
     {"RuleResults": [{"RuleId": "r", "Outcomes": ["approve"]}]},
     {"detectorId": "d", "eventId": "e", "eventTypeName": "t", "eventTimestamp": "2026-01-01T00:00:00Z",
      "entities": [{"entityType": "c", "entityId": "1"}], "eventVariables": {"Price": "1"}}),
    ("aws-sdk:rekognition:startSegmentDetection",
     {"Video": {"S3Object": {"Bucket": "b", "Name": "v"}}, "SegmentTypes": ["SHOT"]}, {"JobId": "j"}, {"JobId": "j"},
     {"Video": {"S3Object": {"Bucket": "b", "Name": "v"}}, "SegmentTypes": ["SHOT"]}),
    ("aws-sdk:rekognition:getSegmentDetection", {"JobId": "j"},
     {"JobStatus": "SUCCEEDED", "Segments": [{"Type": "SHOT", "StartTimestampMillis": 5}]},
     {"JobStatus": "SUCCEEDED", "Segments": [{"Type": "SHOT", "StartTimestampMillis": 5}]}, {"JobId": "j"}),
]


@pytest.mark.parametrize(
    ("resource", "parameters", "answer", "result", "asked"), CASES, ids=[each[0] for each in CASES])
async def test_casing_both_ways(service: Service, resource: str, parameters: dict[str, Any], answer: dict[str, Any],
                                result: dict[str, Any], asked: Any) -> None:
    service.answer = (200, {}, answer)
    assert await result_of(resource, parameters) == result
    assert service.asked[0][2] == asked


async def test_idempotency_tokens_are_the_same_after_a_crash(service: Service) -> None:
    service.answer = (202, {}, {"ingestionJob": {"ingestionJobId": "IJ"}})
    for _ in range(2):
        await result_of("aws-sdk:bedrockagent:startIngestionJob", {"KnowledgeBaseId": "KB", "DataSourceId": "DS"})
    first, second = (body["clientToken"] for _, _, body in service.asked)
    assert first == second


@pytest.mark.parametrize(("code", "error"), [
    ("ThrottlingException", "BedrockAgent.ThrottlingException"), ("SomethingNew", "BedrockAgent.BedrockAgentException"),
])
async def test_errors(service: Service, code: str, error: str) -> None:
    service.answer = (429, {"x-amzn-ErrorType": code}, {"message": "Slow down"})
    failure = await failure_of("aws-sdk:bedrockagent:startIngestionJob", {"KnowledgeBaseId": "K", "DataSourceId": "D"})
    assert failure.error == error
    assert failure.cause == ("Slow down (Service: BedrockAgent, Status Code: 429, Request ID: request-1) "
                             "(SDK Attempt Count: 1)")


async def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EMULATOR, "endpoint", lambda: "http://127.0.0.1:1")
    failure = await failure_of("dynamodb:getItem", {"TableName": "T", "Key": {}})
    assert failure.error == "DynamoDB.SdkClientException"
    assert "Unable to execute HTTP request" in str(failure.cause)


async def test_without_credentials_the_cause_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in production mode, where there is no emulator."""
    for name in AWS_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setattr(clients, "CONFIG", dataclasses.replace(CONFIG, aws_emulator=False))
    CLIENTS.close()
    try:
        error = await failure_of("dynamodb:putItem", {"TableName": "Orders", "Item": {}})
    finally:
        CLIENTS.close()
    assert error.error == "DynamoDB.SdkClientException"
    assert error.cause is not None
    assert error.cause.startswith("Unable to locate credentials. This server has no AWS credentials: set AWS_ACCESS")
