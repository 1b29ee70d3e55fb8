"""SigV4 verification, with botocore's own signer as the oracle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from designer import signing
from designer.signing import Scope, SignatureError, SignedRequest, join_headers, read_claim, verify

SCOPE = Scope("us-east-1", "states")
BODY = b'{"name":"\xe6\xb3\xa8\xe6\x96\x87"}'
TARGET = {"X-Amz-Target": "AWSStepFunctions.CreateActivity", "Content-Type": "application/x-amz-json-1.0"}


def signed(signer=SigV4Auth, *, url="http://127.0.0.1:8000/", method="POST", body=BODY, secret="secret",
           region="us-east-1", service="states", token=None, headers=TARGET, **options):
    """A request as botocore signs it now, in the form in which the door receives it."""
    request = AWSRequest(method=method, url=url, data=body, headers=dict(headers))
    signer(Credentials("AKIDEXAMPLE", secret, token), service, region, **options).add_auth(request)
    prepared = request.prepare()
    parts = urlsplit(prepared.url)
    pairs = [(name.lower(), value if isinstance(value, str) else value.decode())
             for name, value in prepared.headers.items()]
    if not any(name == "host" for name, _ in pairs):
        pairs.append(("host", parts.netloc))
    return SignedRequest(method, parts.path or "/", parts.query, join_headers(pairs), body)


def check(request, secret="secret", now=None):
    verify(request, read_claim(request), secret, SCOPE, now or datetime.now(UTC))


def changed(request, **headers):
    kept = {name: value for name, value in request.headers.items() if headers.get(name, value) is not None}
    return SignedRequest(request.method, request.path, request.query,
                         kept | {name: value for name, value in headers.items() if value is not None}, request.body)


@pytest.mark.parametrize("url", [
    "http://127.0.0.1:8000/",
    "http://127.0.0.1:8000",
    "http://sync-127.0.0.1:8000/",
    "https://states.example.org/",
    "http://127.0.0.1:8000/2015-03-31/functions/%E6%B3%A8%E6%96%87/invocations",
    "http://127.0.0.1:8000/2015-03-31/functions/arn%3Aaws%3Alambda%3Ax/invocations?Qualifier=a%20b&A=%2F~-_.",
    "http://127.0.0.1:8000/a/./b/../c//d/?b=2&a=1&a=0&empty=",
])
def test_what_botocore_signs_is_accepted(url):
    check(signed(url=url))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/", "http://127.0.0.1:8000/x%20y?list=1"])
def test_a_presigned_request_is_accepted_until_it_expires(url):
    request = signed(SigV4QueryAuth, url=url, method="GET", body=b"", headers={}, expires=900)
    check(request, now=datetime.now(UTC) + timedelta(seconds=880))
    with pytest.raises(SignatureError, match="Signature expired"):
        check(request, now=datetime.now(UTC) + timedelta(seconds=920))


def test_a_repeated_header_and_inner_spaces_are_canonical():
    request = signed(headers=TARGET | {"X-Amz-Meta": "a   b  "})
    assert request.headers["x-amz-meta"] == "a b"
    check(request)
    assert join_headers([("a", "1"), ("a", " 2 ")]) == {"a": "1,2"}


@pytest.mark.parametrize(("make", "secret", "code", "text"), [
    (lambda: signed(secret="other"), "secret",
     "InvalidSignatureException", "does not match the signature you provided"),
    (lambda: signed(), None, "UnrecognizedClientException", "The security token included in the request is invalid."),
    (lambda: signed(token="session"), "secret", "UnrecognizedClientException", "security token"),
    (lambda: signed(region="eu-west-1"), "secret", "InvalidSignatureException", "valid region, not 'eu-west-1'"),
    (lambda: signed(service="lambda"), "secret", "InvalidSignatureException", "correct service: 'states'"),
    (lambda: changed(signed(), authorization=None), "secret", "MissingAuthenticationTokenException", "Missing"),
    (lambda: changed(signed(), authorization="Basic abc"), "secret",
     "IncompleteSignature", "Unsupported AWS 'algorithm'"),
    (lambda: changed(signed(), authorization="AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request"), "secret",
     "IncompleteSignature", "requires 'Signature' parameter. Authorization header requires 'SignedHeaders'"),
    (lambda: changed(signed(), authorization="AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=b"),
     "secret",
     "IncompleteSignature", "exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a'"),
    (lambda: changed(signed(), **{"x-amz-date": None}), "secret",
     "IncompleteSignature", "a 'X-Amz-Date' or a 'Date' header"),
    (lambda: changed(signed(), **{"x-amz-date": "yesterday"}), "secret", "IncompleteSignature", "Got 'yesterday'"),
    (lambda: changed(signed(), **{"x-amz-date": "20260101T000000Z"}), "secret", "InvalidSignatureException",
     "Date in Credential scope does not match"),
    (lambda: changed(signed(), **{"x-amz-target": "AWSStepFunctions.DeleteActivity"}), "secret",
     "InvalidSignatureException", "does not match"),
    (lambda: changed(signed(headers={}), **{"x-amz-target": "AWSStepFunctions.DeleteActivity"}), "secret",
     "InvalidSignatureException", "'x-amz-target' must be a 'SignedHeader'"),
    (lambda: changed(signed(), host="elsewhere.example.org"), "secret", "InvalidSignatureException", "does not match"),
    (lambda: changed(signed(), authorization="AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/states/aws4_request, "
             "SignedHeaders=host, Signature=é", **{"x-amz-date": "20260101T000000Z"}), "secret",
     "InvalidSignatureException", "Signature expired"),
])
def test_what_is_wrong_is_said_as_aws_says_it(make, secret, code, text):
    with pytest.raises(SignatureError) as refused:
        check(make(), secret)
    assert refused.value.code == code
    assert text in refused.value.message


def test_another_body_is_refused():
    request = signed()
    with pytest.raises(SignatureError, match="does not match"):
        check(SignedRequest("POST", "/", "", request.headers, b"{}"))


@pytest.mark.parametrize("apart", [timedelta(minutes=5, seconds=2), timedelta(hours=-24)])
def test_the_window_is_five_minutes_either_way(apart):
    request = signed()
    close = timedelta(minutes=4, seconds=50)
    check(request, now=datetime.now(UTC) + close)
    check(request, now=datetime.now(UTC) - close)
    with pytest.raises(SignatureError) as refused:
        check(request, now=datetime.now(UTC) + apart)
    assert refused.value.code == "InvalidSignatureException"
    assert ("Signature expired" if apart > timedelta(0) else "not yet current") in refused.value.message


def test_a_sealed_secret_is_not_readable_and_belongs_to_its_key():
    sealed = signing.seal("wJalr/K7MDENG+b秘密", "master")
    assert "wJalr" not in sealed
    assert signing.seal("wJalr/K7MDENG+b秘密", "master") != sealed
    assert signing.unseal(sealed, "master") == "wJalr/K7MDENG+b秘密"
    with pytest.raises(ValueError, match="another SECRET_KEY"):
        signing.unseal(sealed, "other")


@pytest.mark.parametrize("expires", ["0", "-1", "604801", "9" * 5_000, "1.5", "", "\u0661"])
def test_the_time_of_a_presigned_request_is_a_number_of_seconds(expires):
    request = signed(SigV4QueryAuth, method="GET", body=b"", headers={}, expires=900)
    query = request.query.replace("X-Amz-Expires=900", f"X-Amz-Expires={quote(expires)}")
    with pytest.raises(SignatureError) as refused:
        read_claim(SignedRequest("GET", request.path, query, request.headers, b""))
    assert refused.value.code == "IncompleteSignature"
