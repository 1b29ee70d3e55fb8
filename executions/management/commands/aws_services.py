"""`manage.py aws_services`: writes designer/asl/aws_services.json, the services and actions that botocore knows.

To be run when the pinned botocore changes; tests/executions/integrations/test_aws_catalog.py notices.
"""

from __future__ import annotations

import json
import re
from typing import Any

import botocore.session
from django.core.management.base import BaseCommand

from designer.asl.aws_services import TABLE


class Command(BaseCommand):
    help = "Write the table of AWS services and actions that the checker and the aws tasks read."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        loader = botocore.session.Session().get_component("data_loader")
        rows = {}
        for name in loader.list_available_services("service-2"):
            model = loader.load_service_model(name, "service-2")
            key, row = row_of(name, model)
            rows[key] = row
        lines = [f"{json.dumps(key)}: {json.dumps(rows[key])}" for key in sorted(rows)]
        TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        self.stdout.write(f"{len(rows)} services written to {TABLE}.")


def row_of(name: str, model: dict[str, Any]) -> tuple[str, list[str]]:
    """(name in resources, [botocore's name, prefix of error names, operations])."""
    prefix = client_name(model["metadata"].get("serviceId", name))
    return prefix.lower(), [name, prefix, " ".join(sorted(model["operations"]))]


def client_name(service_id: str) -> str:
    """The client's name in AWS's SDK for Java, which Step Functions puts before error names: "SESv2" is SesV2."""
    text = re.sub(r"[^A-Za-z0-9]+", " ", service_id)
    text = re.sub(r"(?<=[A-Z]{2})v(\d+)", r" v\1", text)  # a version after an acronym
    text = re.sub(r"(?<=[a-z]{2})V(\d+)", r" V\1", text)
    text = re.sub(r"(?<=[a-z])(?=[A-Z][A-Za-z0-9])", " ", text)
    text = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", text)
    text = re.sub(r"(\d)([A-Za-z])", r"\1 \2", text)
    return "".join(word.lower().capitalize() for word in text.split())
