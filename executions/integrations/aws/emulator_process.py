"""The built-in AWS emulator's process: moto on a port of the loopback interface that the system chooses.

    python -I -B emulator_process.py

Writes its port to standard output when it listens, and ends when its standard input closes: the
server's end of that pipe is gone then, however the server died.
"""

from __future__ import annotations

import logging
import os
import sys
import threading


def main() -> None:
    threading.Thread(target=_end_with_the_server, name="lifeline", daemon=True).start()
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    WSGIRequestHandler.protocol_version = "HTTP/1.1"  # connections are kept
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


def _end_with_the_server() -> None:
    while os.read(0, 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
