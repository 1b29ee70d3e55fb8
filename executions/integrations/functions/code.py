"""A function's code: made into a zip, checked, and unpacked once per content for its workers."""

from __future__ import annotations

import ast
import asyncio
import base64
import hashlib
import io
import lzma
import os
import shutil
import stat
import tempfile
import warnings
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Final

from django.conf import settings

from designer.errors import ActionError
from executions.integrations.functions import requirements
from executions.models import Function, FunctionVersion
from executions.store import in_thread

SOURCE_FILE: Final = "index.py"
MAX_ZIP_BYTES: Final = 50 * 1024 * 1024  # Lambda's limits for a zip and for what is in it
MAX_UNPACKED_BYTES: Final = 250 * 1024 * 1024
MAX_SOURCE_CHARACTERS: Final = 1024 * 1024  # what may be edited in the browser
EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the same source gives the same zip and so the same sha256


def zip_of(source: str, needed: str = "") -> bytes:
    """The zip of a function written in the browser: index.py, and requirements.pinned.txt when it needs packages."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in ((SOURCE_FILE, source), (requirements.FILE, needed)):
            if not text and name != SOURCE_FILE:
                continue
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, text.encode())
    return buffer.getvalue()


def digest(code: bytes) -> str:
    return hashlib.sha256(code).hexdigest()


def shown_digest(sha256: str) -> str:
    """A digest as the Lambda API shows it: base64 of the bytes."""
    return base64.b64encode(bytes.fromhex(sha256)).decode()


def check_source(source: str) -> None:
    """Raise ActionError("InvalidParameterValueException") with the line when the code is no Python."""
    if len(source) > MAX_SOURCE_CHARACTERS:
        raise _refused(f"The code has {len(source)} characters; at most {MAX_SOURCE_CHARACTERS} can be edited here, "
                       "larger functions are uploaded as a zip.")
    _parse(source, SOURCE_FILE)


def _parse(text: str | bytes, name: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape sequence is the function's own affair
            ast.parse(text, name)
    except SyntaxError as error:
        raise _refused(f"Syntax error in {name}, line {error.lineno}: {error.msg}.",
                       line=error.lineno or 1, column=error.offset or 1) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise _refused(f"{name} cannot be read as Python: {error}.") from None


def check_zip(code: bytes) -> None:
    """Raise ActionError unless `code` is a zip of plain files that stay in their folder and within the limits."""
    if len(code) > MAX_ZIP_BYTES:
        raise _refused(f"The zip has {len(code)} bytes; at most {MAX_ZIP_BYTES} are allowed.")
    try:
        with zipfile.ZipFile(io.BytesIO(code)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _refused("Could not unzip uploaded file. Please check your file, then try to upload again. "
                       f"The code is no readable zip file: {error}.") from None
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES:
        raise _refused(f"Unpacked, the zip has {unpacked} bytes; at most {MAX_UNPACKED_BYTES} are allowed.")
    for entry in entries:
        _check_entry(entry)
    _check_content(code)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[:1]:
        raise _refused(f"The zip holds '{entry.filename}', which lies outside its folder.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _refused(f"The zip holds the symbolic link '{entry.filename}'; only plain files are allowed.")
    if entry.flag_bits & 0x1:
        raise _refused(f"'{entry.filename}' in the zip is encrypted.")


def _check_content(code: bytes) -> None:
    """Unpack everything into nothing, so that a damaged zip is refused now and not at the first call."""
    try:
        with zipfile.ZipFile(io.BytesIO(code)) as archive:
            broken = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, EOFError, OSError,
            ValueError) as error:
        raise _refused(f"The zip cannot be unpacked: {error}.") from None
    if broken is not None:
        raise _refused(f"'{broken}' in the zip is damaged.")


def check_handler_file(code: bytes, handler: str) -> None:
    """The handler's module must be in the zip, and be Python if it is there as source."""
    module = handler.rpartition(".")[0].replace(".", "/")
    with zipfile.ZipFile(io.BytesIO(code)) as archive:
        names = set(archive.namelist())
        found = next((name for name in (f"{module}.py", f"{module}/__init__.py") if name in names), None)
        if found is None:
            raise _refused(f"The handler '{handler}' needs {module}.py, which the code does not hold.")
        if archive.getinfo(found).file_size > MAX_SOURCE_CHARACTERS:
            return  # to parse it here would take a hundred times its size; the worker does, within its limits
        text = archive.read(found)
    _parse(text, found)


def _refused(message: str, **members: int) -> ActionError:
    return ActionError("InvalidParameterValueException", message, **members)


def folder() -> Path:
    return Path(settings.CONFIG.data_dir) / "functions"


async def ready(function_id: int, sha256: str) -> Path:
    """The folder with the code of this content, unpacked if it is not there yet.

    Raises Function.DoesNotExist when the function has no such code any more, OSError when the disk is full.
    """
    target = folder() / sha256
    if not target.is_dir():
        code = await in_thread(package, function_id, sha256)
        await asyncio.to_thread(_unpack, code, target)
    return target


def package(function_id: int, sha256: str) -> bytes:
    """The zip of this content, of the function or one of its versions; Function.DoesNotExist."""
    published = FunctionVersion.objects.filter(function=function_id, sha256=sha256).values_list("code", flat=True)
    found = published.first()
    if found is not None:
        return bytes(found)
    return bytes(Function.objects.values_list("code", flat=True).get(pk=function_id, sha256=sha256))


def _unpack(code: bytes, target: Path) -> None:
    """In one step: what is there under its name is whole."""
    folder().mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=folder()))
    try:
        with zipfile.ZipFile(io.BytesIO(code)) as archive:
            archive.extractall(partial)
        partial.chmod(0o755)
        os.rename(partial, target)
    except OSError:
        if not target.is_dir():  # else another process was first
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def sweep() -> None:
    """Remove the code of functions that are no more (at start, when no worker runs)."""
    if not folder().is_dir():
        return
    present = [path for path in folder().iterdir() if path.is_dir()]
    wanted = {digest for model in (Function, FunctionVersion) for digest in model.objects.values_list(
        "sha256", flat=True)}
    for path in present:
        if path.name not in wanted and path.name != "packages":
            shutil.rmtree(path, ignore_errors=True)
