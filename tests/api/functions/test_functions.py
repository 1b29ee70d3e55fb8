"""What the Lambda API answers and refuses; its calls are tested with real workers (tests/api/test_boto3.py)."""

from __future__ import annotations

import base64

import pytest

from executions.api.functions import configuring, download, entry
from executions.integrations.functions import catalog, code
from executions.models import Function
from tests.api.functions.conftest import ARN, ROLE, zip_of
from tests.api.test_door import post
from tests.executions.integrations.aws import quietly, service

pytestmark = pytest.mark.django_db(transaction=True)

ONE, TWO = zip_of(index="def handler(event, context): return 1\n"), zip_of(index="def handler(e, c): return 2\n")


def b64(data):
    return base64.b64encode(data).decode()


def wanted(name="f", zip_file=ONE, **more):
    return {"FunctionName": name, "Runtime": "python3.12", "Handler": "index.handler", "Role": ROLE,
            "Code": {"ZipFile": b64(zip_file)}} | more


@pytest.fixture
async def made(caller):
    """A function f."""
    return await caller("CreateFunction", **wanted())


async def test_what_a_new_function_is(caller):
    status, answer = await caller("CreateFunction", **wanted(
        Environment={"Variables": {"MODE": "fast"}}, Tags={"team": "経理"}, Timeout=7, MemorySize=512,
        TracingConfig={"Mode": "Active"}, Description="d"))
    assert status == 201
    assert {name: answer[name] for name in (
        "FunctionName", "FunctionArn", "Runtime", "Role", "Handler", "Timeout", "MemorySize", "Description", "Version",
        "State", "LastUpdateStatus", "PackageType", "Environment", "TracingConfig", "CodeSize", "CodeSha256")} == {
        "FunctionName": "f", "FunctionArn": f"{ARN}:f", "Runtime": "python3.12", "Role": ROLE,
        "Handler": "index.handler", "Timeout": 7, "MemorySize": 512, "Description": "d", "Version": "$LATEST",
        "State": "Active", "LastUpdateStatus": "Successful", "PackageType": "Zip",
        "Environment": {"Variables": {"MODE": "fast"}}, "TracingConfig": {"Mode": "Active"}, "CodeSize": len(ONE),
        "CodeSha256": code.shown_digest(code.digest(ONE))}
    status, found = await caller("GetFunction", FunctionName=f"{ARN}:f")
    assert status == 200
    assert found["Configuration"] == answer
    assert found["Tags"] == {"team": "経理"}
    assert await caller("GetFunctionConfiguration", FunctionName="f") == (200, answer)


@pytest.mark.parametrize(("changed", "code", "says"), [
    ({"Runtime": "nodejs20.x"}, "InvalidParameterValueException", "Python 3"),
    ({"Runtime": None}, "InvalidParameterValueException", "Runtime is required"),
    ({"Handler": None}, "InvalidParameterValueException", "Handler is required"),
    ({"Timeout": 901}, "InvalidParameterValueException", "900 seconds"),
    ({"MemorySize": 20_000}, "InvalidParameterValueException", "10240"),
    ({"Layers": [f"{ARN[:-9]}:layer:l:1"]}, "InvalidParameterValueException", "no layers"),
    ({"PackageType": "Image"}, "InvalidParameterValueException", "container images"),
    ({"Code": {"ImageUri": "i"}}, "InvalidParameterValueException", "container images"),
    ({"Code": {"S3Bucket": "bucket"}}, "InvalidParameterValueException", "S3Bucket and S3Key"),
    ({"Code": {}}, "InvalidParameterValueException", "provide a source"),
    ({"Code": {"ZipFile": b64(b"nonsense")}}, "InvalidParameterValueException", "Could not unzip uploaded file"),
    ({"Code": {"ZipFile": b64(b"def handler(:")}}, "InvalidParameterValueException", "line 1"),
    ({"Environment": {"Variables": {"AWS_REGION": "x"}}}, "InvalidParameterValueException", "AWS_REGION"),
    ({"Environment": {"Variables": {"LONG": "x" * 5_000}}}, "InvalidParameterValueException", "4KB limit"),
    ({"Environment": {"Variables": {"1": "x"}}}, "ValidationException", "'environment.variables'"),
    ({"Role": "nobody"}, "ValidationException", "'role'"),
    ({"FunctionName": "a b"}, "ValidationException", "'functionName'"),
    ({"FunctionName": "x" * 65}, "InvalidParameterValueException", "1 to 64"),
])
async def test_what_is_refused(caller, changed, code, says):
    request = {name: value for name, value in (wanted() | changed).items() if value is not None}
    status, (found, message) = await caller("CreateFunction", **request)
    assert (status, found) == (400, code)
    assert says in message


async def test_names_of_any_script_and_inline_code(caller):
    status, answer = await caller("CreateFunction", **wanted("在庫", b"def handler(event, context): return 3\n"))
    assert (status, answer["FunctionArn"]) == (201, f"{ARN}:在庫")
    row = await Function.objects.aget(name="在庫")
    assert row.source == "def handler(event, context): return 3\n"


async def test_code_that_lies_in_s3(caller, monkeypatch):
    bucket = service("s3")
    quietly(bucket.create_bucket, Bucket="code")
    bucket.put_object(Bucket="code", Key="f.zip", Body=ONE)
    status, answer = await caller("CreateFunction", **wanted() | {"Code": {"S3Bucket": "code", "S3Key": "f.zip"}})
    assert (status, answer["CodeSize"]) == (201, len(ONE))
    status, (refused, message) = await caller("UpdateFunctionCode", FunctionName="f", S3Bucket="code", S3Key="none")
    assert (status, refused) == (400, "InvalidParameterValueException")
    assert message == ("Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key "
                       "does not exist.")
    monkeypatch.setattr(configuring, "MAX_ZIP_BYTES", len(ONE) - 1)
    status, (_, message) = await caller("UpdateFunctionCode", FunctionName="f", S3Bucket="code", S3Key="f.zip")
    assert (status, "at most" in message) == (400, True)


async def test_the_same_name_again(caller, made):
    assert await caller("CreateFunction", **wanted()) == (
        409, ("ResourceConflictException", "Function already exist: f"))


async def test_changes_and_revisions(caller, made):
    _, before = made
    status, after = await caller("UpdateFunctionCode", FunctionName="f", ZipFile=b64(TWO), DryRun=True)
    assert (status, after["CodeSha256"] != before["CodeSha256"]) == (200, True)
    assert (await caller("GetFunctionConfiguration", FunctionName="f"))[1] == before
    _, after = await caller("UpdateFunctionCode", FunctionName="f", ZipFile=b64(TWO), RevisionId=before["RevisionId"])
    assert after["RevisionId"] != before["RevisionId"]
    status, refusal = await caller("UpdateFunctionConfiguration", FunctionName="f", Timeout=9,
                                   RevisionId=before["RevisionId"])
    assert (status, refusal[0]) == (412, "PreconditionFailedException")
    _, changed = await caller("UpdateFunctionConfiguration", FunctionName="f", Timeout=9, Runtime="python3.9",
                              RevisionId=after["RevisionId"])
    assert (changed["Timeout"], changed["Runtime"], changed["Handler"]) == (9, "python3.9", "index.handler")


async def test_versions(caller, made):
    status, first = await caller("PublishVersion", FunctionName="f", Description="first")
    assert (status, first["Version"], first["FunctionArn"], first["Description"]) == (201, "1", f"{ARN}:f:1", "first")
    assert (await caller("PublishVersion", FunctionName="f"))[1] == first, "nothing has changed"
    _, second = await caller("UpdateFunctionCode", FunctionName="f", ZipFile=b64(TWO), Publish=True)
    assert second["Version"] == "2"
    status, (code_, _) = await caller("PublishVersion", FunctionName="f", CodeSha256=first["CodeSha256"])
    assert (status, code_) == (400, "InvalidParameterValueException")
    assert (await caller("GetFunctionConfiguration", FunctionName="f:1"))[1] == first
    assert (await caller("GetFunctionConfiguration", FunctionName="f", Qualifier="1"))[1] == first
    assert await caller("GetFunctionConfiguration", FunctionName="f:1", Qualifier="2") == (400, (
        "InvalidParameterValueException",
        "The derived qualifier from the function name does not match the specified qualifier."))
    assert await caller("GetFunction", FunctionName="f", Qualifier="3") == (
        404, ("ResourceNotFoundException", f"Function not found: {ARN}:f:3"))
    _, listed = await caller("ListVersionsByFunction", FunctionName="f", MaxItems=2)
    _, rest = await caller("ListVersionsByFunction", FunctionName="f", MaxItems=2, Marker=listed["NextMarker"])
    assert [each["Version"] for each in (*listed["Versions"], *rest["Versions"])] == ["$LATEST", "1", "2"]
    assert "NextMarker" not in rest
    assert await caller("DeleteFunction", FunctionName="f", Qualifier="1") == (204, {})
    assert await caller("DeleteFunction", FunctionName="f", Qualifier="1") == (204, {})
    assert (await caller("DeleteFunction", FunctionName="f:$LATEST"))[0] == 400
    await caller("UpdateFunctionCode", FunctionName="f", ZipFile=b64(ONE))
    assert (await caller("PublishVersion", FunctionName="f"))[1]["Version"] == "3", "numbers are not given twice"


async def test_aliases(caller, made):
    await caller("PublishVersion", FunctionName="f")
    await caller("UpdateFunctionCode", FunctionName="f", ZipFile=b64(TWO), Publish=True)
    status, alias = await caller("CreateAlias", FunctionName="f", Name="live", FunctionVersion="1", Description="d")
    revision = alias.pop("RevisionId")
    assert (status, alias) == (201, {"AliasArn": f"{ARN}:f:live", "Name": "live", "FunctionVersion": "1",
                                     "Description": "d"})
    assert await caller("CreateAlias", FunctionName="f", Name="live", FunctionVersion="1") == (
        409, ("ResourceConflictException", f"Alias already exists: {ARN}:f:live"))
    assert await caller("CreateAlias", FunctionName="f", Name="new", FunctionVersion="9") == (
        404, ("ResourceNotFoundException", f"Function not found: {ARN}:f:9"))
    assert (await caller("GetFunctionConfiguration", FunctionName="f:live"))[1]["Version"] == "1"
    status, refusal = await caller("DeleteFunction", FunctionName="f", Qualifier="1")
    assert (status, refusal[0]) == (409, "ResourceConflictException")
    _, changed = await caller("UpdateAlias", FunctionName="f", Name="live", RevisionId=revision,
                              RoutingConfig={"AdditionalVersionWeights": {"2": 0.25}})
    assert changed["RoutingConfig"] == {"AdditionalVersionWeights": {"2": 0.25}}
    assert (await caller("UpdateAlias", FunctionName="f", Name="live", RevisionId=revision))[0] == 412
    assert (await caller("GetAlias", FunctionName="f", Name="live"))[1] == changed
    await caller("CreateAlias", FunctionName="f", Name="next", FunctionVersion="2")
    _, listed = await caller("ListAliases", FunctionName="f", MaxItems=1)
    _, rest = await caller("ListAliases", FunctionName="f", MaxItems=1, Marker=listed["NextMarker"])
    assert [each["Name"] for each in (*listed["Aliases"], *rest["Aliases"])] == ["live", "next"]
    _, pointing = await caller("ListAliases", FunctionName="f", FunctionVersion="2")
    assert [each["Name"] for each in pointing["Aliases"]] == ["next"]
    assert await caller("DeleteAlias", FunctionName="f", Name="next") == (204, {})
    assert await caller("GetAlias", FunctionName="f", Name="next") == (
        404, ("ResourceNotFoundException", f"Cannot find alias arn: {ARN}:f:next"))


@pytest.mark.parametrize(("version", "weights"), [("$LATEST", {"1": 0.5}), ("1", {"1": 0.5}), ("1", {"9": 0.5}),
                                                  ("1", {"2": 0.5, "3": 0.1}), ("1", {"2": 1.5})])
async def test_weights_that_cannot_be(caller, made, version, weights):
    await caller("PublishVersion", FunctionName="f")
    status, _ = await caller("CreateAlias", FunctionName="f", Name="live", FunctionVersion=version,
                             RoutingConfig={"AdditionalVersionWeights": weights})
    assert status in (400, 404)


async def test_calls_by_an_alias_are_shared_out(caller, made):
    await caller("PublishVersion", FunctionName="f")
    await caller("UpdateFunctionCode", FunctionName="f", ZipFile=b64(TWO), Publish=True)
    await caller("CreateAlias", FunctionName="f", Name="live", FunctionVersion="1",
                 RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}})
    found = [await catalog.find("f", "live") for _ in range(200)]
    assert {spec.version for spec in found} == {"1", "2"}
    assert {spec.arn for spec in found} == {f"{ARN}:f:live"}
    assert 50 < sum(spec.version == "2" for spec in found) < 150
    await caller("UpdateAlias", FunctionName="f", Name="live", FunctionVersion="2",
                 RoutingConfig={"AdditionalVersionWeights": {}})
    assert {(await catalog.find("f", "live")).version for _ in range(20)} == {"2"}, "at once"
    assert (await catalog.find("f", "$LATEST")).version == "$LATEST"
    assert await catalog.find("f", "none") is None
    assert await catalog.find("f", "9" * 30) is None


async def test_all_versions_of_all_functions_in_pages(caller, made):
    await caller("PublishVersion", FunctionName="f")
    await caller("CreateFunction", **wanted("g"), Publish=True)
    await caller("CreateFunction", **wanted("h"))
    for size in (1, 2, 3, 50):
        arns, marker = [], {}
        while True:
            _, page = await caller("ListFunctions", FunctionVersion="ALL", MaxItems=size, **marker)
            arns += [each["FunctionArn"].removeprefix(f"{ARN}:") for each in page["Functions"]]
            if "NextMarker" not in page:
                break
            marker = {"Marker": page["NextMarker"]}
        assert arns == ["f:$LATEST", "f:1", "g:$LATEST", "g:1", "h:$LATEST"]
    _, page = await caller("ListFunctions", MaxItems=2)
    assert [each["FunctionName"] for each in page["Functions"]] == ["f", "g"]
    _, refusal = await caller("ListFunctions", FunctionVersion="ALL", Marker=page["NextMarker"])
    assert refusal[0] == "InvalidParameterValueException", "a marker is good for its own question only"


async def test_tags(caller, made):
    assert await caller("TagResource", Resource=f"{ARN}:f", Tags={"a": "1", "b": "2"}) == (204, {})
    assert await caller("UntagResource", Resource=f"{ARN}:f", TagKeys=["a", "c"]) == (204, {})
    assert await caller("ListTags", Resource=f"{ARN}:f") == (200, {"Tags": {"b": "2"}})
    assert (await caller("ListTags", Resource=f"{ARN}:f:1"))[1][0] == "InvalidParameterValueException"
    assert (await caller("TagResource", Resource=f"{ARN}:f", Tags={f"k{n}": "" for n in range(51)}))[0] == 400
    assert (await caller("TagResource", Resource=f"{ARN}:none", Tags={}))[0] == 404


async def test_the_code_can_be_fetched(caller, made):
    await caller("PublishVersion", FunctionName="f")
    await caller("UpdateFunctionCode", FunctionName="f", ZipFile=b64(TWO))
    for qualifier, package in (("1", ONE), ("$LATEST", TWO)):
        _, found = await caller("GetFunction", FunctionName="f", Qualifier=qualifier)
        path = found["Code"]["Location"][found["Code"]["Location"].index(download.PATH):]
        assert (await post(b"", path=path, method="GET"))[::2] == (200, package)
        assert (await post(b"", path=path + "x", method="GET"))[0] == 403


async def test_deleting_takes_everything_along(caller, made):
    await caller("PublishVersion", FunctionName="f")
    await caller("CreateAlias", FunctionName="f", Name="live", FunctionVersion="1")
    assert await caller("DeleteFunction", FunctionName="f") == (204, {})
    assert await caller("DeleteFunction", FunctionName="f") == (
        404, ("ResourceNotFoundException", f"Function not found: {ARN}:f"))
    assert await catalog.find("f", "live") is None


async def test_what_each_role_may(caller, made):
    await caller("UpdateFunctionConfiguration", FunctionName="f", Environment={"Variables": {"SECRET": "s3cret"}})
    for role, reads, calls in (("viewer", 200, 403), ("operator", 200, 204), ("approver", 403, 403)):
        caller.role = role
        assert (await caller("ListFunctions"))[0] == reads
        status, found = await caller("GetFunction", FunctionName="f")
        assert status == reads
        if reads == 200:
            assert "s3cret" not in str(found)
            assert "Code" not in found, "code may hold secrets, too"
        assert (await caller("Invoke", FunctionName="f", InvocationType="DryRun"))[0] == calls
        for operation, request in (
            ("CreateFunction", wanted("g")), ("UpdateFunctionCode", {"ZipFile": b64(TWO)}),
            ("UpdateFunctionConfiguration", {"Timeout": 9}), ("DeleteFunction", {}), ("PublishVersion", {}),
            ("CreateAlias", {"Name": "live", "FunctionVersion": "$LATEST"}),
            ("UpdateAlias", {"Name": "live"}), ("DeleteAlias", {"Name": "live"}),
        ):
            status, refusal = await caller(operation, **{"FunctionName": "f"} | request)
            assert (status, refusal[0]) == (403, "AccessDeniedException"), operation
        assert (await caller("TagResource", Resource=f"{ARN}:f", Tags={"a": "b"}))[0] == 403


@pytest.mark.parametrize(("operation", "request_", "says"), [
    ("CreateAlias", {"Name": "a", "FunctionVersion": "$LATEST", "Description": "\0"}, "description"),
    ("PublishVersion", {"Description": "a\0b"}, "description"),
    ("UpdateFunctionConfiguration", {"KMSKeyArn": "arn:aws:kms:a\0"}, "kMSKeyArn"),
    ("UpdateFunctionConfiguration", {"Environment": {"Variables": {"AB": "\0"}}}, "environment.variables.aB"),
    ("UpdateFunctionConfiguration", {"Handler": "index.\0"}, "handler"),
])
async def test_text_that_no_database_keeps(caller, made, operation, request_, says):
    status, (refused, message) = await caller(operation, FunctionName="f", **request_)
    assert (status, refused) == (400, "InvalidParameterValueException")
    assert f"'{says}'" in message


@pytest.mark.parametrize(("request_", "status", "code"), [
    ({"Payload": b"{"}, 400, "InvalidRequestContentException"),
    ({"Payload": b'"' + b"x" * 1_048_576 + b'"', "InvocationType": "Event"}, 413, "RequestTooLargeException"),
    ({"ClientContext": "nonsense"}, 400, "InvalidRequestContentException"),
    ({"Qualifier": "none"}, 404, "ResourceNotFoundException"),
    ({"InvocationType": "Later"}, 400, "ValidationException"),
])
async def test_calls_that_cannot_be(caller, made, request_, status, code):
    found = await caller("Invoke", FunctionName="f", **request_)
    assert (found[0], found[1][0]) == (status, code)


async def test_reserved_places(caller, made):
    assert await caller("PutFunctionConcurrency", FunctionName="f", ReservedConcurrentExecutions=2) == (
        200, {"ReservedConcurrentExecutions": 2})
    assert (await caller("GetFunction", FunctionName="f"))[1]["Concurrency"] == {"ReservedConcurrentExecutions": 2}
    assert (await caller("PublishVersion", FunctionName="f"))[1]["Version"] == "1"
    assert await caller("PutFunctionConcurrency", FunctionName="f", ReservedConcurrentExecutions=0) == (
        200, {"ReservedConcurrentExecutions": 0})
    assert await caller("Invoke", FunctionName="f") == (429, ("TooManyRequestsException", "Rate Exceeded."))
    assert await caller("DeleteFunctionConcurrency", FunctionName="f") == (204, {})
    assert (await caller("PublishVersion", FunctionName="f"))[1]["Version"] == "1", "the function is the same"
    assert await caller("GetFunctionConcurrency", FunctionName="f") == (200, {})
    assert "Concurrency" not in (await caller("GetFunction", FunctionName="f"))[1]


@pytest.mark.parametrize(("operation", "request_", "answer"), [
    ("GetFunctionCodeSigningConfig", {"FunctionName": "f"}, {"CodeSigningConfigArn": "", "FunctionName": "f"}),
    ("GetFunctionConcurrency", {"FunctionName": "f"}, {}),
    ("ListLayers", {}, {"Layers": []}),
])
async def test_what_there_is_nothing_of(caller, made, operation, request_, answer):
    assert await caller(operation, **request_) == (200, answer)
    assert (await caller("GetPolicy", FunctionName="f"))[1][0] == "ResourceNotFoundException"
    assert (await caller("GetAccountSettings"))[1]["AccountUsage"]["FunctionCount"] == 1


async def test_much_is_read_only_for_who_has_a_key(caller, monkeypatch):
    """Signed requests with code may be long; of others so much is not even kept."""
    known = True

    async def is_known(request):
        return known

    monkeypatch.setattr(entry, "is_known", is_known)
    large = b'{"a": "' + b"x" * entry.MAX_REQUEST + b'"}'
    status, headers, _ = await post(large, path="/2015-03-31/functions")
    assert (status, headers["x-amzn-errortype"]) == (400, "ValidationException")
    known = False
    assert (await post(large, path="/2015-03-31/functions"))[0] == 413
    known = True
    assert (await post(large, path="/2015-03-31/functions/f/invocations"))[0] == 413
