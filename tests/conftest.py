"""Settings for all tests: a data folder of their own, and nothing of the developer's environment."""

from __future__ import annotations

import os
import tempfile

os.environ["STATEWRIGHT_DATA_DIR"] = tempfile.mkdtemp(prefix="statewright-tests-")
os.environ["STATEWRIGHT_SECRET_KEY"] = "tests-only"
for _name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "STATEWRIGHT_MODE", "STATEWRIGHT_PUBLIC_URL"):
    os.environ.pop(_name, None)
