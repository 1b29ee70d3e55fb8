"""The client of a worker that `manage.py worker` runs, and its name."""

from __future__ import annotations

import socket
from typing import Any

import boto3
from botocore.config import Config


def client(endpoint: str, region: str, concurrency: int) -> Any:
    """Credentials come from boto3's usual places (AWS_ACCESS_KEY_ID …): an access key of the installation."""
    connect: Any = boto3.client
    return connect("stepfunctions", endpoint_url=endpoint, region_name=region, config=Config(
        read_timeout=75, retries={"total_max_attempts": 1}, max_pool_connections=2 * concurrency + 2))


def worker_name() -> str:
    return socket.gethostname()
