"""AWS Signature Version 4: is a request really from the holder of an access key?

Pure functions over what was received (method, raw path, raw query, headers, body); the caller finds the
secret of the key that `read_claim` names, and passes the time in.  Both forms are read: the
Authorization header and the presigned query string.  Messages are those of AWS.  Besides, secrets are
sealed here for the database: SigV4 needs the secret itself, so a hash would not do.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

from cryptography.fernet import Fernet, InvalidToken

from designer.errors import ActionError

ALGORITHM: Final = "AWS4-HMAC-SHA256"
WINDOW: Final = timedelta(minutes=5)
LONGEST_PRESIGNED: Final = 7 * 24 * 3600  # seconds
_STAMP: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_SECONDS: Final = re.compile(r"[0-9]{1,9}")
_UNRESERVED: Final = "-_.~"

@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What arrived.  `path` and `query` are raw (still percent-encoded); `headers` come from `join_headers`."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Scope:
    """What the credential must be scoped to."""

    region: str
    service: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What the request says about its own signature."""

    key_id: str
    date: str
    region: str
    service: str
    terminator: str
    signed_headers: tuple[str, ...]
    signature: str
    stamp: str
    expires: int | None  # seconds; presigned requests only
    has_session_token: bool

    @property
    def scope(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/{self.terminator}"


class SignatureError(ActionError):
    """The request is not signed as it must be; `code` is AWS's, the HTTP status 403."""


def join_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by name (in lower case): values trimmed, runs of spaces made one, repeated ones joined by commas."""
    joined: dict[str, str] = {}
    for name, value in headers:
        value = " ".join(value.split())
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def read_claim(request: SignedRequest) -> Claim:
    """What the request says about its signature; SignatureError when it says nothing or not enough."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return _header_claim(authorization, request.headers)
    query = dict(_pairs(request.query))
    if "X-Amz-Algorithm" in query or "X-Amz-Signature" in query:
        return _query_claim(query)
    raise SignatureError("MissingAuthenticationTokenException", "Missing Authentication Token")


def verify(request: SignedRequest, claim: Claim, secret: str | None, scope: Scope, now: datetime) -> None:
    """SignatureError unless the holder of `secret` (None: the key is unknown or inactive) signed `request`."""
    _check_scope(claim, scope)
    _check_time(claim, now)
    _check_signed(claim, request.headers)
    if secret is None or claim.has_session_token:
        # Keys of this installation are permanent and have no session token.
        raise SignatureError("UnrecognizedClientException", "The security token included in the request is invalid.")
    text = "\n".join((ALGORITHM, claim.stamp, claim.scope, _canonical_digest(request, claim)))
    key = _signing_key(secret, claim.date, claim.region, claim.service)
    expected = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), claim.signature.encode()):
        raise SignatureError(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details.")


def _header_claim(authorization: str, headers: Mapping[str, str]) -> Claim:
    algorithm, _, rest = authorization.partition(" ")
    if algorithm != ALGORITHM:
        raise _incomplete(f"Unsupported AWS 'algorithm': '{algorithm}' (only {ALGORITHM}).")
    fields = dict(_assignment(part) for part in rest.split(","))
    missing = [f"Authorization header requires '{name}' parameter."
               for name in ("Credential", "Signature", "SignedHeaders") if not fields.get(name)]
    stamp = headers.get("x-amz-date") or headers.get("date") or ""
    if not stamp:
        missing.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    if missing:
        raise _incomplete(" ".join(missing))
    return _credential_claim(fields["Credential"], fields["SignedHeaders"], fields["Signature"], stamp, None,
                             "x-amz-security-token" in headers)


def _query_claim(query: Mapping[str, str]) -> Claim:
    names = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Signature",
             "X-Amz-SignedHeaders")
    missing = [f"AWS query-string parameters must include '{name}'." for name in names if not query.get(name)]
    if missing:
        raise _incomplete(" ".join(missing))
    if query["X-Amz-Algorithm"] != ALGORITHM:
        raise _incomplete(f"Unsupported AWS 'algorithm': '{query['X-Amz-Algorithm']}' (only {ALGORITHM}).")
    expires = query["X-Amz-Expires"]
    if not (_SECONDS.fullmatch(expires) and 0 < int(expires) <= LONGEST_PRESIGNED):
        raise _incomplete(f"X-Amz-Expires must be a number of seconds from 1 to {LONGEST_PRESIGNED}.")
    return _credential_claim(query["X-Amz-Credential"], query["X-Amz-SignedHeaders"], query["X-Amz-Signature"],
                             query["X-Amz-Date"], int(expires), "X-Amz-Security-Token" in query)


def _credential_claim(credential: str, signed: str, signature: str, stamp: str, expires: int | None,
                      has_session_token: bool) -> Claim:
    parts = credential.split("/")
    if len(parts) != 5:
        raise _incomplete(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
            f"got '{credential}'.")
    if not _STAMP.fullmatch(stamp):
        raise _incomplete(f"Date must be in ISO-8601 'basic format'. Got '{stamp}'.")
    key_id, date, region, service, terminator = parts
    names = tuple(name.lower() for name in signed.split(";") if name)
    return Claim(key_id, date, region, service, terminator, names, signature, stamp, expires,
                 has_session_token)


def _check_scope(claim: Claim, scope: Scope) -> None:
    wrong = []
    if claim.region != scope.region:
        wrong.append(f"Credential should be scoped to a valid region, not '{claim.region}'.")
    if claim.service != scope.service:
        wrong.append(f"Credential should be scoped to correct service: '{scope.service}'.")
    if claim.terminator != "aws4_request":
        wrong.append(f"Credential should be scoped with a valid terminator: 'aws4_request', not '{claim.terminator}'.")
    if claim.date != claim.stamp[:8]:
        wrong.append(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{claim.date}' != '{claim.stamp[:8]}', from '{claim.stamp}'.")
    if wrong:
        raise SignatureError("InvalidSignatureException", " ".join(wrong))


def _check_time(claim: Claim, now: datetime) -> None:
    """A signed request is good for five minutes around its date, a presigned one until it expires."""
    signed_at = _moment(claim.stamp)
    if signed_at > now + WINDOW:
        raise SignatureError(
            "InvalidSignatureException",
            f"Signature not yet current: {claim.stamp} is still later than {_stamp(now + WINDOW)} "
            f"({_stamp(now)} + 5 min.)")
    lasts = WINDOW if claim.expires is None else timedelta(seconds=claim.expires)
    if signed_at + lasts < now:
        span = "5 min." if claim.expires is None else f"{claim.expires} s"
        raise SignatureError(
            "InvalidSignatureException",
            f"Signature expired: {claim.stamp} is now earlier than {_stamp(now - lasts)} ({_stamp(now)} - {span})")


def _check_signed(claim: Claim, headers: Mapping[str, str]) -> None:
    """Host and every x-amz-… header that was sent must be under the signature: they say what is asked."""
    needed = {"host"} | {name for name in headers if name.startswith("x-amz-")}
    if claim.expires is not None:
        needed.discard("x-amz-date")
    for name in sorted(needed - set(claim.signed_headers)):
        raise SignatureError(
            "InvalidSignatureException", f"'{name}' must be a 'SignedHeader' in the AWS Authorization.")


def _canonical_digest(request: SignedRequest, claim: Claim) -> str:
    """The SHA-256 of the canonical request.  The payload hash is always that of the body received."""
    pairs = sorted((quote(name, _UNRESERVED), quote(value, _UNRESERVED))
                   for name, value in _pairs(request.query) if name != "X-Amz-Signature")
    canonical = "\n".join((
        request.method,
        quote(_normal_path(request.path), "/" + _UNRESERVED),
        "&".join(f"{name}={value}" for name, value in pairs),
        *(f"{name}:{request.headers.get(name, '')}" for name in sorted(claim.signed_headers)),
        "",
        ";".join(sorted(claim.signed_headers)),
        hashlib.sha256(request.body).hexdigest(),
    ))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _normal_path(path: str) -> str:
    """The path without empty segments, `.` and `..`; still encoded once, as SigV4 encodes it again."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            kept = kept[:-1]
        elif segment not in ("", "."):
            kept.append(segment)
    ending = "/" if kept and path.endswith("/") else ""
    return "/" + "/".join(kept) + ending


def _pairs(query: str) -> list[tuple[str, str]]:
    return [(unquote(name), unquote(value))
            for name, _, value in (part.partition("=") for part in query.split("&") if part)]


def _assignment(text: str) -> tuple[str, str]:
    name, _, value = text.strip().partition("=")
    return name, value


@lru_cache(maxsize=1024)
def _moment(stamp: str) -> datetime:
    """Requests of the same second share it: parsing takes as long as a signature."""
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise _incomplete(f"Date must be in ISO-8601 'basic format'. Got '{stamp}'.") from None


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%SZ")


def _incomplete(message: str) -> SignatureError:
    return SignatureError("IncompleteSignature", message)


@lru_cache(maxsize=1024)
def _signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """The key of one day, region and service; kept, since it costs more than the signature itself."""
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def seal(secret: str, master: str) -> str:
    """Encrypt a secret for the database under a key derived from `master` (SECRET_KEY)."""
    return _fernet(master).encrypt(secret.encode()).decode("ascii")


def unseal(sealed: str, master: str) -> str:
    """The reverse of `seal`; ValueError when it was sealed under another SECRET_KEY."""
    try:
        return _fernet(master).decrypt(sealed.encode("ascii")).decode()
    except InvalidToken:
        raise ValueError("This secret was encrypted under another SECRET_KEY.") from None


@lru_cache(maxsize=4)
def _fernet(master: str) -> Fernet:
    digest = hashlib.sha256(b"statewright access key secrets\0" + master.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
