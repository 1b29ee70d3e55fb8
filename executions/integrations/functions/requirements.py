"""The packages that a function needs: its requirements.pinned.txt, installed once per content beside its code.

    data/functions/packages/<digest of the text>/          the packages, on the path after the function's own files
    data/functions/packages/<digest>.log                   what pip says, while it works and when it has failed

Only `name==version` lines, only wheels: nothing of a package runs while it is installed, and the same text is the same
packages for ever.  pip and its settings (index, proxy) are those of the server.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from designer.errors import ActionError
from executions.actions import gateway

FILE: Final = "requirements.pinned.txt"  # not requirements.txt: tools put that beside packages they have brought along
MAX_CHARACTERS: Final = 20_000
SECONDS: Final = 600.0
SHOWN: Final = 4_000  # characters of pip's last words
LINE: Final = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9,._ -]+\])?\s*==\s*[A-Za-z0-9.!+_-]+"
    r"(\s*;[^#\\]+)?(\s+--hash=sha256:[0-9a-f]{64})*")


class RequirementsError(OSError):
    """The packages could not be installed; the text is pip's."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`state`: "none", "ready", "installing", "failed" or "waiting" (not begun); `log` is pip's last words."""

    state: str
    log: str = ""


def check(text: str) -> None:
    """ActionError("InvalidParameterValueException") with `field` and `line` unless every line is name==version."""
    if len(text) > MAX_CHARACTERS:
        raise _refused(f"The requirements have more than {MAX_CHARACTERS} characters.", 1)
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.partition(" #")[0].strip()
        if plain and not plain.startswith("#") and not LINE.fullmatch(plain):
            raise _refused(f"Line {number} of the requirements, '{plain[:100]}', is not of the form name==version.",
                           number)


def read(code: bytes) -> str:
    """The requirements in a function's zip; "" when there are none."""
    with zipfile.ZipFile(io.BytesIO(code)) as archive:
        if FILE not in archive.namelist() or archive.getinfo(FILE).file_size > 4 * MAX_CHARACTERS:
            return ""
        return archive.read(FILE).decode("utf-8", "replace")


def folder_of(text: str) -> Path | None:
    """Where the packages of this text are, or will be; None when it names none."""
    lines = sorted(line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#"))
    if not lines:
        return None
    digest = hashlib.sha256("\n".join([sys.version.split()[0], *lines]).encode()).hexdigest()
    return Path(settings.CONFIG.data_dir) / "functions" / "packages" / digest


_installing: dict[Path, asyncio.Future[None]] = {}


def begin(code: bytes) -> None:
    """Install the packages of a function that was just saved, in the background (from a view's thread)."""
    try:
        loop = gateway.engine().loop
    except RuntimeError:
        return  # no server runs: the first call does it
    text = read(code)
    if text and folder_of(text) is not None:
        asyncio.run_coroutine_threadsafe(_quietly(text), loop)


async def _quietly(text: str) -> None:
    with contextlib.suppress(OSError):  # the page and the first call tell of it
        await _ready(text)


async def ready(code: Path) -> Path | None:
    """The packages of the function whose unpacked code this is, installed if they are not yet; None: it needs none.

    RequirementsError says why they could not be.  Calls that come meanwhile wait for the same installation.
    """
    file = code / FILE
    return await _ready(await asyncio.to_thread(_text, file))


async def _ready(text: str) -> Path | None:
    target = folder_of(text)
    if target is None or target.is_dir():
        return target
    running = _installing.get(target)
    if running is None:
        running = _installing[target] = asyncio.ensure_future(asyncio.to_thread(_install, text, target))
        running.add_done_callback(lambda done: _forget(target, done))
    await asyncio.shield(running)
    return target


def progress(code: bytes) -> Progress:
    """How far the packages of a function are, for its page (from any thread)."""
    target = folder_of(read(code))
    if target is None:
        return Progress("none")
    if target.is_dir():
        return Progress("ready")
    log = target.with_suffix(".log")
    text = _plain(log.read_text("utf-8", "replace"))[-SHOWN:] if log.exists() else ""
    if target in _installing:
        return Progress("installing", text)
    return Progress("failed", text) if text else Progress("waiting")


def _plain(text: str) -> str:
    """pip's words without the paths of this machine and the addresses of its index."""
    kept = [line for line in text.splitlines() if not line.startswith("Looking in ")]
    return re.sub(r"\S*/(?=requirements\.pinned\.txt)", "", "\n".join(kept))


def _text(file: Path) -> str:
    try:
        text = file.read_text("utf-8", "replace")
    except FileNotFoundError:
        return ""
    try:
        check(text)
    except ActionError as error:
        raise RequirementsError(error.message) from None
    return text


def _install(text: str, target: Path) -> None:
    """In one step: what is there under its name is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=".installing-", dir=target.parent))
    log = target.with_suffix(".log")
    try:
        listed = partial / FILE
        listed.write_text(text, "utf-8")
        with log.open("wb") as said:
            said.write(b"Installing ...\n")
            said.flush()
            _pip(listed, partial / "packages", said)
        os.rename(partial / "packages", target)
        log.unlink(missing_ok=True)
    except OSError as error:
        if not target.is_dir():  # else another process was first
            with log.open("ab") as said:
                said.write(f"\n{error}\n".encode())
            raise RequirementsError(f"The requirements could not be installed: {_last_words(log)}") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _pip(listed: Path, target: Path, said: io.BufferedWriter) -> None:
    command = [sys.executable, "-I", "-m", "pip", "install", "--requirement", str(listed), "--target", str(target),
               "--only-binary", ":all:", "--no-input", "--no-cache-dir", "--disable-pip-version-check",
               "--progress-bar", "off"]
    try:
        ended = subprocess.run(  # noqa: S603  our own command; the list was checked
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise OSError(f"pip did not end within {SECONDS:.0f} seconds.") from None
    if ended.returncode or not target.is_dir():
        raise OSError(f"pip ended with exit code {ended.returncode}.")


def _last_words(log: Path) -> str:
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    errors = [line for line in lines if "ERROR" in line]
    return (errors or lines or ["pip says nothing"])[-1][:500]


def _forget(target: Path, done: asyncio.Future[None]) -> None:
    _installing.pop(target, None)
    if not done.cancelled():
        done.exception()  # asked for, so that nobody complains that it never was


def _refused(message: str, line: int) -> ActionError:
    return ActionError("InvalidParameterValueException", message, field="requirements", line=line)
