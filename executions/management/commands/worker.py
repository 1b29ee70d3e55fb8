"""manage.py worker ACTIVITY MODULE:FUNCTION – work on an activity's tasks until SIGTERM or Ctrl+C."""

from __future__ import annotations

import importlib
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from designer.settings import CONFIG
from executions.integrations.activity.connecting import client, worker_name
from executions.integrations.activity.worker import Worker


class Command(BaseCommand):
    help = "Works on an activity's tasks with a Python function, over the AWS API."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("activity", help="the activity's ARN, or its name in this installation")
        parser.add_argument("handler", help="MODULE:FUNCTION; the function gets the task's input")
        parser.add_argument("--endpoint", default=CONFIG.public_url, help=f"the API's address ({CONFIG.public_url})")
        parser.add_argument("--concurrency", type=int, default=1, help="tasks at once (1)")
        parser.add_argument("--heartbeat", type=float, default=None, help="seconds between heartbeats (none)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["concurrency"] < 1:
            raise CommandError("--concurrency must be 1 or more.")
        arn = options["activity"]
        if not arn.startswith("arn:"):
            arn = f"arn:aws:states:{CONFIG.region}:{CONFIG.account}:activity:{arn}"
        api = client(options["endpoint"], arn.split(":")[3], options["concurrency"])
        worker = Worker(arn, _handler(options["handler"]), api, concurrency=options["concurrency"],
                        heartbeat=options["heartbeat"], name=worker_name())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        self.stdout.write(f"Working on {arn}; a signal ends it when what runs is done.")
        self.stdout.flush()
        worker.run()
        self.stdout.write(f"{worker.done} tasks answered, {worker.failed} of them failed.")


def _handler(name: str) -> Callable[[Any], Any]:
    module, _, function = name.partition(":")
    sys.path.insert(0, str(Path.cwd()))
    try:
        found = getattr(importlib.import_module(module), function or "handler")
    except (ImportError, AttributeError) as error:
        raise CommandError(f"'{name}' cannot be loaded: {error}. It must be MODULE:FUNCTION.") from None
    if not callable(found):
        raise CommandError(f"'{name}' is no function.")
    result: Callable[[Any], Any] = found
    return result
