"""`manage.py serve`: the whole of Statewright in one process."""

from __future__ import annotations

import logging
import sys
from typing import Any, Final

import uvicorn
from django.core.management.base import BaseCommand, CommandError

from designer.datalock import DataLock, LockedError
from designer.http_protocol import JoiningProtocol
from designer.settings import CONFIG
from executions.bootstrap import ADMINISTRATOR, FirstLogin, bootstrap

GRACE_SECONDS: Final = 5
# The event loop and the commit thread share the interpreter; with the default of 5 ms each of the many
# short calls into the database would wait that long for its turn while the loop is busy.
SWITCH_INTERVAL: Final = 0.0005


class Command(BaseCommand):
    help = "Start Statewright: pages, AWS endpoint and engine. Settings are environment variables (docs/reference)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        logging.getLogger("httpx").setLevel(logging.WARNING)
        try:
            lock = DataLock(CONFIG.data_dir)
        except LockedError as error:
            raise CommandError(str(error)) from None
        server, sockets = self._server()
        self._greet(bootstrap(CONFIG))
        sys.setswitchinterval(SWITCH_INTERVAL)
        try:
            server.run(sockets=sockets)
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
        finally:
            del lock
        if not server.started:
            raise CommandError("The server did not start; the lines above say why.")

    def _server(self) -> tuple[uvicorn.Server, list[Any]]:
        config = uvicorn.Config(
            "designer.asgi:application", host=CONFIG.host, port=CONFIG.port, loop="uvloop", http=JoiningProtocol,
            lifespan="on", access_log=False, log_level="warning", log_config=None, server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS)
        try:
            return uvicorn.Server(config), [config.bind_socket()]
        except SystemExit:
            message = (f"Cannot listen on {CONFIG.host}:{CONFIG.port}; something else does, or it is no address of "
                       "this machine. Choose others with STATEWRIGHT_HOST and STATEWRIGHT_PORT.")
            raise CommandError(message) from None

    def _greet(self, first: FirstLogin) -> None:
        """Say where it is and, once, how to get in."""
        say = self.stdout.write
        say(f"Statewright is at {CONFIG.public_url}")
        if CONFIG.aws_emulator:
            say("AWS tasks go to the built-in emulator, until AWS credentials or an endpoint are configured.")
        if first.password:
            say(f"Sign in as '{ADMINISTRATOR}' with the password {first.password}")
        if first.access_key_id:
            say(f"Access key for AWS clients: {first.access_key_id}  secret: {first.secret_access_key}")
        if first.password or first.access_key_id:
            say("These are shown this once; change the password and make other keys under /account/.")
        self.stdout.flush()
