"""Tasks with a role of their own, for machines of another account: there is one account here, which stands for all.

A machine of AWS that starts another account's runs unchanged: the state machine of the name that the task gives is
started here, and the parent is told of it under the account it asked for.
"""

from __future__ import annotations

from typing import Any

from designer.settings import CONFIG


def foreign_account(machine_arn: str, credentials: Any) -> str:
    """The machine's account, when it is not this installation's and the task has a role for it; else ""."""
    role = credentials.get("RoleArn") if isinstance(credentials, dict) else credentials
    parts = machine_arn.split(":")
    account = parts[4] if len(parts) > 5 else ""
    return account if isinstance(role, str) and role and account != CONFIG.account else ""


def at_home(arn: str) -> str:
    return _of(arn, CONFIG.account)


def as_asked(arn: str, account: str) -> str:
    """The ARN as the parent sees it; `account` "" is our own."""
    return _of(arn, account) if account else arn


def _of(arn: str, account: str) -> str:
    parts = arn.split(":")
    return ":".join([*parts[:4], account, *parts[5:]])
