"""The link to a function's code that GetFunction gives: good for ten minutes, without a key, as AWS's is."""

from __future__ import annotations

from typing import Final

from django.core import signing

from designer.errors import ActionError
from designer.settings import CONFIG
from designer.signing import SignedRequest
from executions.api.answers import Answer
from executions.integrations.functions import code
from executions.models import Function
from executions.store import in_thread

GOOD_SECONDS: Final = 600
PATH: Final = "/2015-03-31/code/"
_SALT: Final = "executions.api.functions.download"


def link(function: int, sha256: str) -> str:
    return f"{CONFIG.public_url}{PATH}{signing.dumps([function, sha256], salt=_SALT)}"


def wants(request: SignedRequest) -> bool:
    return request.path.startswith(PATH) and request.method == "GET"


async def answer(request: SignedRequest) -> Answer:
    """The zip; AccessDeniedException for a link that is no more good."""
    try:
        function, sha256 = signing.loads(request.path.removeprefix(PATH), salt=_SALT, max_age=GOOD_SECONDS)
    except signing.BadSignature:
        raise ActionError("AccessDeniedException", "This link is not or no longer good; ask GetFunction for another."
                          ) from None
    try:
        package = await in_thread(code.package, function, sha256)
    except Function.DoesNotExist:
        raise ActionError("ResourceNotFoundException", "The function has changed or is gone.") from None
    return Answer(200, package, b"application/zip")
