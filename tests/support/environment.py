"""Settings for all tests: a data folder of their own, and nothing of the developer's environment.

A plugin named in pyproject.toml, not part of conftest.py: Django's settings are read before any
conftest.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

for _name in [name for name in os.environ if name.startswith(("STATEWRIGHT_", "AWS_"))]:
    del os.environ[_name]
# The servers somebody named for the tests; the tests' own settings do not take them over.
NAMED = {name: os.environ.pop(name, "") for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")}
if "TESTS_DATABASE_URL" in os.environ:  # the same tests on another database (tests/executions/test_postgresql.py)
    os.environ["DATABASE_URL"] = os.environ["TESTS_DATABASE_URL"]
_folder = tempfile.mkdtemp(prefix="statewright-tests-")
os.environ["STATEWRIGHT_DATA_DIR"] = _folder
os.environ["STATEWRIGHT_SECRET_KEY"] = "tests-only"
os.environ["STATEWRIGHT_AWS_EMULATOR"] = "on"  # whatever profile the developer has; it starts with the first AWS task
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
