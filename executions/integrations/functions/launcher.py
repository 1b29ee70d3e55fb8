"""The first code that runs in a function's worker process: lifeline, limits, then awslambdaric.

    python -I -B launcher.py HANDLER TASK_ROOT ADDRESS_SPACE [PACKAGES]

Stands alone: nothing of ours can be imported here, and the environment is the function's own.
ADDRESS_SPACE is in bytes, 0 for no limit.  The runtime API's address carries the worker's token
as a path (`127.0.0.1:PORT/TOKEN`), which libcurl takes as it is and http.client does not.
"""

from __future__ import annotations

import contextlib
import io
import os
import resource
import signal
import sys
import threading
from typing import Any

MAX_FILE_BYTES = 512 * 1024 * 1024  # what /tmp offers a function in AWS
MAX_OPEN_FILES = 1024


def main() -> None:
    handler, task_root, address_space = sys.argv[1:4]
    watch_lifeline()
    set_limits(int(address_space))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # half a surrogate pair in a message must not end the worker
            stream.reconfigure(errors="backslashreplace")
    sys.path[:0] = [task_root, *sys.argv[4:]]
    sys.argv = [task_root, handler]
    serve(handler)


def watch_lifeline() -> None:
    """Kill the whole process group when the server's end of our standard input closes, however it died."""
    lifeline = os.dup(0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    threading.Thread(target=_die_with_the_server, args=(lifeline,), name="lifeline", daemon=True).start()


def _die_with_the_server(lifeline: int) -> None:
    while os.read(lifeline, 1):
        pass
    os.killpg(0, signal.SIGKILL)


def set_limits(address_space: int) -> None:
    """Bounds that hold even between two looks of the memory watch (pool.py)."""
    wanted = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, MAX_FILE_BYTES),
              (resource.RLIMIT_NOFILE, MAX_OPEN_FILES)]
    if address_space:
        wanted.append((resource.RLIMIT_AS, address_space))
    for kind, limit in wanted:
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS knows some of them by name only
            resource.setrlimit(kind, (limit, limit))
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:
        score.write("800")  # when the machine runs out of memory, a function goes before the server


def serve(handler: str) -> None:
    """awslambdaric's loop, with a client that knows of the token in the address."""
    from awslambdaric import bootstrap
    from awslambdaric.lambda_config import LambdaConfigProvider
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

    host, _, token = LambdaConfigProvider(sys.argv).api_address.partition("/")

    class Client(LambdaRuntimeClient):  # type: ignore[misc]
        def call_rapid(self, http_method: str, endpoint: str, expected_http_code: int,
                       payload: Any = None, headers: dict[str, str] | None = None) -> None:
            # Exception classes may have Japanese names; HTTP headers may not.
            plain = {name: ascii_only(value) for name, value in (headers or {}).items()}
            super().call_rapid(http_method, f"/{token}{endpoint}", expected_http_code, payload, plain)

    bootstrap.run(handler, Client(host))


def ascii_only(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode()


if __name__ == "__main__":
    main()
