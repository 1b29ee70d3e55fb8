"""The operations of Lambda that are offered, by noun.

A plain function `(actor, request) -> members or Reply` reads or writes the database and runs in a thread; a coroutine
runs in the engine's loop.  `request` has been checked against AWS's model.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Final

from designer.permissions import Actor
from executions.api.functions.answering import Reply
from executions.api.functions.operations import account, aliases, functions, invoking, tags, versions
from executions.store import in_thread

Operation = Callable[[Actor, dict[str, Any]], Coroutine[Any, Any, Reply]]


def _operation(function: Callable[..., Any]) -> Operation:
    async def operate(actor: Actor, request: dict[str, Any]) -> Reply:
        called = function(actor, request) if inspect.iscoroutinefunction(function) else in_thread(
            function, actor, request)
        found = await called
        return found if isinstance(found, Reply) else Reply(found)

    return operate


OPERATIONS: Final[dict[str, Operation]] = {
    "CreateAlias": _operation(aliases.create_alias),
    "CreateFunction": _operation(functions.create_function),
    "DeleteAlias": _operation(aliases.delete_alias),
    "DeleteFunction": _operation(functions.delete_function),
    "DeleteFunctionConcurrency": _operation(account.delete_function_concurrency),
    "GetAccountSettings": _operation(account.get_account_settings),
    "GetAlias": _operation(aliases.get_alias),
    "GetFunction": _operation(functions.get_function),
    "GetFunctionCodeSigningConfig": _operation(account.get_function_code_signing_config),
    "GetFunctionConcurrency": _operation(account.get_function_concurrency),
    "GetFunctionConfiguration": _operation(functions.get_function_configuration),
    "GetPolicy": _operation(account.get_policy),
    "Invoke": _operation(invoking.invoke),
    "ListAliases": _operation(aliases.list_aliases),
    "ListFunctions": _operation(functions.list_functions),
    "ListLayers": _operation(account.list_layers),
    "ListTags": _operation(tags.list_tags),
    "ListVersionsByFunction": _operation(versions.list_versions_by_function),
    "PublishVersion": _operation(versions.publish_version),
    "PutFunctionConcurrency": _operation(account.put_function_concurrency),
    "TagResource": _operation(tags.tag_resource),
    "UntagResource": _operation(tags.untag_resource),
    "UpdateAlias": _operation(aliases.update_alias),
    "UpdateFunctionCode": _operation(functions.update_function_code),
    "UpdateFunctionConfiguration": _operation(functions.update_function_configuration),
}
