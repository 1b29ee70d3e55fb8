"""For all tests of this folder."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _cheap_passwords(settings):
    """Passwords are hashed with the cheapest hasher: the real one is slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
