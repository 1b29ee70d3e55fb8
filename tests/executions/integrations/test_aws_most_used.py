"""The most used AWS resources of real workflows (census.json), through the built-in emulator: result and error.

Functions, child executions, HTTP and API Gateway have tests of their own; what the emulator does not have is
answered by a server of the test's own (test_aws_own_server.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from executions.integrations import registry
from executions.integrations.aws.task import AwsTask
from tests.executions.integrations.aws import failure_of, quietly, result_of, run, service
from tests.executions.integrations.conftest import resource

ACCOUNT = "000000000000"
QUEUE = f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/fulfillment"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:notifications"
KEY = {"TableName": "Orders", "Key": {"orderId": {"S": "o-1"}}}
BUCKET = {"Bucket": "statewright-data"}
OBJECT = {**BUCKET, "Key": "of/the/tests.json"}


@dataclass(frozen=True)
class Case:
    """`keys` are in the result (nested with dots); `wrong` and `error`: parameters that fail, and how."""

    resource: str
    parameters: dict[str, Any]
    keys: tuple[str, ...] = ()
    wrong: dict[str, Any] | None = None
    error: str = ""
    before: Callable[[], Any] = lambda: None


def put_object() -> Any:
    return service("s3").put_object(**OBJECT, Body=b'{"a":1}')


def crawler() -> Any:
    glue = service("glue")
    quietly(glue.create_database, DatabaseInput={"Name": "db"})
    quietly(glue.create_table, DatabaseName="db", TableInput={"Name": "t", "PartitionKeys": [
        {"Name": "day", "Type": "string"}]})
    return quietly(glue.create_crawler, Name="crawler", Role="r", DatabaseName="db", Targets={"S3Targets": []})


def ecs_service() -> Any:
    ecs = service("ecs")
    ecs.create_cluster(clusterName="of-the-tests")
    ecs.register_task_definition(family="web", containerDefinitions=[{"name": "c", "image": "i", "memory": 64}])
    return ecs.create_service(cluster="of-the-tests", serviceName="web", taskDefinition="web", desiredCount=1)


def transcription() -> Any:
    return service("transcribe").start_transcription_job(
        TranscriptionJobName="known", LanguageCode="en-US", Media={"MediaFileUri": "s3://statewright-data/a.mp3"})


def query() -> str:
    answer = service("athena").start_query_execution(
        QueryString="SELECT 1", ResultConfiguration={"OutputLocation": "s3://statewright-data/athena/"})
    return str(answer["QueryExecutionId"])


def backed_up_table() -> Any:
    return quietly(service("dynamodb").put_item, TableName="Orders", Item={"orderId": {"S": "o-1"}})


PUT = {"TableName": "Orders", "Item": {"orderId": {"S": "o-1"}, "total": {"N": "12.5"}, "paid": {"BOOL": True}}}
NO_TABLE = {"TableName": "Nothing"}
UPDATE = {**KEY, "UpdateExpression": "SET #s = :s", "ExpressionAttributeNames": {"#s": "status"},
          "ExpressionAttributeValues": {":s": {"S": "PAID"}}, "ReturnValues": "ALL_NEW"}
DYNAMO = "DynamoDB.ResourceNotFoundException"
DYNAMO_SDK = "DynamoDb.ResourceNotFoundException"
GLUE = "Glue.EntityNotFoundException"

CASES = [
    Case("dynamodb:putItem", PUT, (), {**PUT, **NO_TABLE}, DYNAMO),
    Case("dynamodb:getItem", KEY, (), {**KEY, **NO_TABLE}, DYNAMO),
    Case("dynamodb:updateItem", UPDATE, ("Attributes.status.S",), {**UPDATE, "UpdateExpression": "WRONG"},
         "DynamoDB.AmazonDynamoDBException"),
    Case("dynamodb:deleteItem", KEY, (), {**KEY, "ConditionExpression": "attribute_exists(nothing)"},
         "DynamoDB.ConditionalCheckFailedException"),
    Case("sqs:sendMessage", {"QueueUrl": QUEUE, "MessageBody": {"order": 1}}, ("MessageId", "MD5OfMessageBody"),
         {"QueueUrl": QUEUE + "-nothing", "MessageBody": "x"}, "SQS.AmazonSQSException"),
    Case("sns:publish", {"TopicArn": TOPIC, "Message": {"order": 1}, "Subject": "Order"}, ("MessageId",),
         {"TopicArn": TOPIC + "-nothing", "Message": "x"}, "SNS.NotFoundException"),
    Case("events:putEvents", {"Entries": [{"Source": "shop", "DetailType": "Order", "Detail": {"id": 1}}]},
         ("Entries", "FailedEntryCount"), {"Entries": [{"Source": "shop", "DetailType": "Order"}]},
         "EventBridge.FailedEntry"),
    Case("athena:startQueryExecution",
         {"QueryString": "SELECT 1", "ResultConfiguration": {"OutputLocation": "s3://statewright-data/"}},
         ("QueryExecutionId",)),
    Case("athena:getQueryExecution", {"QueryExecutionId": query}, ("QueryExecution.Status.State",)),
    Case("athena:getQueryResults", {"QueryExecutionId": query}, ("ResultSet.Rows",)),
    Case("aws-sdk:s3:putObject", {**OBJECT, "Body": {"a": "日本"}}, ("ETag",), {**OBJECT, "Bucket": "nothing-here"},
         "S3.NoSuchBucketException"),
    Case("aws-sdk:s3:getObject", OBJECT, ("Body", "ContentLength", "LastModified"), {**OBJECT, "Key": "nothing"},
         "S3.NoSuchKeyException", put_object),
    Case("aws-sdk:s3:headObject", OBJECT, ("ContentLength", "ETag"), {**OBJECT, "Key": "nothing"}, "S3.S3Exception",
         put_object),
    Case("aws-sdk:s3:listObjectsV2", BUCKET, ("Contents", "KeyCount"), {"Bucket": "nothing-here"},
         "S3.NoSuchBucketException", put_object),
    Case("aws-sdk:s3:copyObject", {**BUCKET, "Key": "copy", "CopySource": "statewright-data/of/the/tests.json"},
         ("CopyObjectResult.ETag",), {**BUCKET, "Key": "copy", "CopySource": "statewright-data/nothing"},
         "S3.NoSuchKeyException", put_object),
    Case("aws-sdk:s3:getObjectAttributes", {**OBJECT, "ObjectAttributes": ["ObjectSize"]}, ("ObjectSize",),
         before=put_object),
    Case("aws-sdk:dynamodb:putItem", PUT, (), {**PUT, **NO_TABLE}, DYNAMO_SDK),
    Case("aws-sdk:dynamodb:scan", {"TableName": "Orders"}, ("Count", "Items"), NO_TABLE, DYNAMO_SDK),
    Case("aws-sdk:dynamodb:query",
         {"TableName": "Orders", "KeyConditionExpression": "orderId = :o",
          "ExpressionAttributeValues": {":o": {"S": "o-1"}}}, ("Count",)),
    Case("aws-sdk:dynamodb:batchWriteItem", {"RequestItems": {"Orders": [{"PutRequest": {"Item": PUT["Item"]}}]}},
         ("UnprocessedItems",)),
    Case("aws-sdk:dynamodb:createBackup", {"TableName": "Orders", "BackupName": "b-1"}, ("BackupDetails.BackupArn",),
         {**NO_TABLE, "BackupName": "b"}, "DynamoDb.TableNotFoundException"),
    Case("aws-sdk:transcribe:startTranscriptionJob",
         {"TranscriptionJobName": "j-1", "LanguageCode": "en-US", "Media": {"MediaFileUri": "s3://a/b.mp3"}},
         ("TranscriptionJob.CreationTime",),
         {"TranscriptionJobName": "j-1", "LanguageCode": "en-US", "Media": {"MediaFileUri": "s3://a/b.mp3"}},
         "Transcribe.ConflictException"),
    Case("aws-sdk:transcribe:getTranscriptionJob", {"TranscriptionJobName": "known"},
         ("TranscriptionJob.CreationTime",), {"TranscriptionJobName": "nothing"}, "Transcribe.BadRequestException",
         transcription),
    Case("aws-sdk:ecs:updateService", {"Cluster": "of-the-tests", "Service": "web", "DesiredCount": 0},
         ("Service.ServiceArn", "Service.DesiredCount"), {"Cluster": "nothing", "Service": "web"},
         "Ecs.ClusterNotFoundException", ecs_service),
    Case("aws-sdk:glue:startCrawler", {"Name": "crawler"}, (), {"Name": "nothing"}, GLUE, crawler),
    Case("aws-sdk:glue:getCrawler", {"Name": "crawler"}, ("Crawler.Name",), {"Name": "nothing"}, GLUE, crawler),
    Case("aws-sdk:glue:createPartition",
         {"DatabaseName": "db", "TableName": "t", "PartitionInput": {"Values": ["2026-01-01"]}}, (),
         {"DatabaseName": "nothing", "TableName": "t", "PartitionInput": {"Values": ["x"]}}, GLUE, crawler),
    Case("aws-sdk:glue:getTable", {"DatabaseName": "db", "Name": "t"}, ("Table.CreateTime",),
         {"DatabaseName": "db", "Name": "nothing"}, GLUE, crawler),
    Case("aws-sdk:rekognition:detectLabels", {"Image": {"S3Object": {"Bucket": "b", "Name": "n"}}}, ("Labels",)),
    Case("aws-sdk:scheduler:createSchedule",
         {"Name": "s-1", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"},
          "Target": {"Arn": TOPIC, "RoleArn": "arn:aws:iam::000000000000:role/r"}}, ("ScheduleArn",)),
    Case("aws-sdk:iam:listUsers", {}, ("Users",)),
    Case("aws-sdk:ec2:describeInstances", {"Filters": [{"Name": "instance-state-name", "Values": ["running"]}]},
         ("Reservations",), {"InstanceIds": ["i-0123456789abcdef0"]}, "Ec2.Ec2Exception"),
    Case("aws-sdk:ec2:describeRegions", {}, ("Regions",)),
    Case("aws-sdk:cloudwatch:putMetricData",
         {"Namespace": "Shop",
          "MetricData": [{"MetricName": "Orders", "Value": 1, "Timestamp": "2026-11-25T00:00:00Z"}]}),
    Case("aws-sdk:eventbridge:putEvents", {"Entries": [{"Source": "s", "DetailType": "d", "Detail": {"a": 1}}]},
         ("Entries", "FailedEntryCount")),
    Case("aws-sdk:sesv2:sendEmail",
         {"FromEmailAddress": "orders@example.com", "Destination": {"ToAddresses": ["a@example.com"]},
          "Content": {"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "…"}}}}}, ("MessageId",),
         {"FromEmailAddress": "nobody@example.org", "Destination": {"ToAddresses": ["a@example.com"]},
          "Content": {"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "…"}}}}},
         "SesV2.MessageRejectedException"),
]
METADATA = ("SdkHttpMetadata.HttpStatusCode", "SdkHttpMetadata.AllHttpHeaders", "SdkResponseMetadata.RequestId")


def at(value: Any, path: str) -> Any:
    for name in path.split("."):
        assert name in value, f"{path}: {json.dumps(value)[:300]}"
        value = value[name]
    return value


def filled(parameters: dict[str, Any]) -> dict[str, Any]:
    return {name: value() if callable(value) else value for name, value in parameters.items()}


@pytest.mark.parametrize("case", CASES, ids=[case.resource for case in CASES])
async def test_results_and_errors(case: Case) -> None:
    assert isinstance(registry.find(resource(f"arn:aws:states:::{case.resource}")), AwsTask)
    case.before()
    result = await result_of(case.resource, filled(case.parameters))
    json.dumps(result)  # plain JSON
    for key in case.keys:
        at(result, key)
    has_metadata = not case.resource.startswith(("aws-sdk:", "events:"))
    for key in METADATA if has_metadata else ():
        at(result, key)
    assert has_metadata == ("SdkHttpMetadata" in result)
    assert all(name[0].isupper() for name in result)
    if case.wrong is not None:
        failure = await failure_of(case.resource, case.wrong)
        assert failure.error == case.error, (failure.error, failure.cause)
        if case.resource.startswith("aws-sdk:"):
            assert "(Service: " in str(failure.cause)
            assert ", Status Code: " in str(failure.cause)


def test_the_table_is_long_enough() -> None:
    assert len(CASES) >= 36


async def test_text_and_json_bodies_of_objects() -> None:
    for body, text in (("text", "text"), ({"a": 1}, '{"a":1}'), ([1, 2], "[1,2]"), (True, "true")):
        await result_of("aws-sdk:s3:putObject", {**OBJECT, "Body": body})
        assert (await result_of("aws-sdk:s3:getObject", OBJECT))["Body"] == text


async def test_an_object_that_is_too_large_to_hand_on() -> None:
    service("s3").put_object(**OBJECT, Body=b"x" * 300_000)
    failure = await failure_of("aws-sdk:s3:getObject", OBJECT)
    assert failure.error == "States.DataLimitExceeded"


async def test_what_arrives_in_the_queue_is_the_json_text() -> None:
    queue = service("sqs")
    url = queue.create_queue(QueueName="of-the-tests")["QueueUrl"]
    await result_of("sqs:sendMessage", {"QueueUrl": url, "MessageBody": {"注文": 1}, "Unknown": "dropped"})
    assert queue.receive_message(QueueUrl=url)["Messages"][0]["Body"] == '{"注文":1}'


@pytest.mark.parametrize(("arn", "parameters", "problem"), [
    ("aws-sdk:dynamodb:getItem", {"TableName": "Orders"}, 'The field "Key" is required but was missing'),
    ("aws-sdk:dynamodb:getItem", {**KEY, "Bogus": 1}, 'The field "Bogus" is not supported by Step Functions'),
    ("sqs:sendMessage", {"QueueUrl": QUEUE, "MessageBody": "x", "DelaySeconds": "1"},
     'The value of the field "DelaySeconds" must be a NUMBER'),
    ("sqs:sendMessage", {"QueueUrl": QUEUE, "MessageBody": "x", "DelaySeconds": 1.5},
     'The value of the field "DelaySeconds" must be an INTEGER'),
    ("aws-sdk:dynamodb:getItem", {**KEY, "ConsistentRead": "yes"},
     'The value of the field "ConsistentRead" must be a BOOLEAN'),
    ("aws-sdk:dynamodb:getItem", {**KEY, "Key": []}, 'The value of the field "Key" must be an OBJECT'),
    ("events:putEvents", {"Entries": [{"Source": "a", "Time": "yesterday"}]},
     'The value of the field "Entries[0].Time" must be a TIMESTAMP in ISO 8601'),
    ("events:putEvents", {"Entries": {"Source": "a"}}, 'The value of the field "Entries" must be an ARRAY of objects'),
    ("aws-sdk:kms:encrypt", {"KeyId": "k", "Plaintext": "no base64!"},
     'The value of the field "Plaintext" must be a string in base64'),
])
async def test_wrong_parameters_are_named(arn: str, parameters: Any, problem: str) -> None:
    failure = await failure_of(arn, parameters)
    assert failure.error == "States.Runtime"
    assert str(failure.cause).startswith("The Parameters '{")
    assert str(failure.cause).endswith(f"could not be used to start the Task: [{problem}]")


async def test_a_callback_only_submits() -> None:
    sent = await run("sqs:sendMessage.waitForTaskToken", {"QueueUrl": QUEUE, "MessageBody": {"token": "t"}}, token="t")
    assert sent.kinds == ["Began", "Submitted"]
    sent = await run("sqs:sendMessage.waitForTaskToken", {"QueueUrl": QUEUE, "MessageBody": "x"}, token="t",
                     begun=True, submitted=True)
    assert sent.kinds == []  # the call was made before a restart
