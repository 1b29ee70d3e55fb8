"""What the built-in emulator has from its start: what the sample workflows use."""

from __future__ import annotations

from typing import Any, Final

from designer.settings import CONFIG

_KEYED: Final = {"BillingMode": "PAY_PER_REQUEST"}


def _table(name: str, key: str) -> tuple[str, str, dict[str, Any]]:
    return "dynamodb", "create_table", {
        "TableName": name, "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"}], **_KEYED}


# (botocore's service, method, arguments)
SEEDS: Final[list[tuple[str, str, dict[str, Any]]]] = [
    _table("Orders", "orderId"),
    _table("Reports", "reportId"),
    ("sqs", "create_queue", {"QueueName": "fulfillment"}),
    ("glue", "create_job", {"Name": "clean-data", "Role": f"arn:aws:iam::{CONFIG.account}:role/Glue",
                             "Command": {"Name": "glueetl", "ScriptLocation": "s3://statewright-data/clean.py"}}),
    ("sns", "create_topic", {"Name": "notifications"}),
    ("s3", "create_bucket", {"Bucket": "statewright-data"}),
    ("ses", "verify_email_identity", {"EmailAddress": "orders@example.com"}),
    ("ses", "verify_email_identity", {"EmailAddress": "reports@example.com"}),
]
