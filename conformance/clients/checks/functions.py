"""Lambda: functions from zip files, versions, aliases, tags, policies; and as tasks of a workflow."""

import io
import json
import os
import zipfile

from botocore.config import Config

from stage import CONFIG, ROLE, Stage, one_state, refused, until

ECHO = """
import os

def handler(event, context):
    print("got", event)
    if event.get("fail"):
        raise ValueError("asked to fail")
    return {"event": event, "version": context.function_version, "stage": os.environ.get("STAGE")}
"""
OTHER = "def handler(event, context):\n    return 'other'\n"


def life(stage: Stage) -> None:
    client, name = stage.client("lambda"), stage.name("function")
    created = client.create_function(
        FunctionName=name, Runtime="python3.12", Role=ROLE, Handler="index.handler", Code={"ZipFile": _zip(ECHO)},
        Environment={"Variables": {"STAGE": "test"}}, Timeout=10, Tags={"team": "orders"},
    )
    arn = created["FunctionArn"]
    assert arn == f"arn:aws:lambda:{stage.region}:{stage.account}:function:{name}"
    for waiter in ("function_exists", "function_active_v2"):
        client.get_waiter(waiter).wait(FunctionName=name)
    answer = client.invoke(FunctionName=name, Payload=b'{"n": 1}', LogType="Tail")
    assert answer["StatusCode"] == 200 and "LogResult" in answer
    assert json.load(answer["Payload"]) == {"event": {"n": 1}, "version": "$LATEST", "stage": "test"}
    failed = client.invoke(FunctionName=name, Payload=b'{"fail": true}')
    assert failed["FunctionError"] == "Unhandled"
    assert json.load(failed["Payload"])["errorMessage"] == "asked to fail"

    client.update_function_configuration(FunctionName=name, Timeout=5, Environment={"Variables": {"STAGE": "live"}})
    client.get_waiter("function_updated_v2").wait(FunctionName=name)
    shown = client.get_function(FunctionName=name)
    assert (shown["Configuration"]["Timeout"], shown["Tags"]) == (5, {"team": "orders"})
    version = client.publish_version(FunctionName=name)["Version"]
    client.get_waiter("published_version_active").wait(FunctionName=name, Qualifier=version)
    client.create_alias(FunctionName=name, Name="live", FunctionVersion=version)
    client.update_function_code(FunctionName=name, ZipFile=_zip(OTHER))
    assert json.load(client.invoke(FunctionName=name)["Payload"]) == "other"
    through_alias = json.load(client.invoke(FunctionName=name, Qualifier="live", Payload=b"{}")["Payload"])
    assert (through_alias["version"], through_alias["stage"]) == (version, "live")
    assert client.get_alias(FunctionName=name, Name="live")["FunctionVersion"] == version
    versions = [it["Version"] for page in client.get_paginator("list_versions_by_function").paginate(FunctionName=name)
                for it in page["Versions"]]
    assert versions == ["$LATEST", version]
    listed = client.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 1})
    assert name in [it["FunctionName"] for page in listed for it in page["Functions"]]

    client.delete_function(FunctionName=name)
    refused("ResourceNotFoundException", client.get_function, FunctionName=name)


def refusals(stage: Stage) -> None:
    client, name = stage.client("lambda"), stage.name("function")
    rest = {"Runtime": "python3.12", "Role": ROLE, "Handler": "index.handler", "Code": {"ZipFile": _zip(OTHER)}}
    client.create_function(FunctionName=name, **rest)
    answer = refused("ResourceConflictException", client.create_function, "Function already exist: ", FunctionName=name,
                     **rest)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 409
    answer = refused("ResourceNotFoundException", client.invoke, "Function not found: ", FunctionName="none")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 404
    for call in (client.get_function, client.delete_function, client.publish_version, client.get_policy):
        refused("ResourceNotFoundException", call, FunctionName="none")
    refused("ResourceNotFoundException", client.get_alias, FunctionName=name, Name="none")
    refused("InvalidParameterValueException", client.create_function, FunctionName="x",
            **{**rest, "Code": {"ZipFile": b"no zip"}})
    refused("InvalidRequestContentException", client.invoke, FunctionName=name, Payload=b"{")


def code_from_s3(stage: Stage) -> None:
    client, s3, name, bucket = stage.client("lambda"), stage.client("s3"), stage.name("function"), stage.name("code")
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    # Larger than one piece of an object is.
    first = s3.put_object(Bucket=bucket, Key="code.zip", Body=_zip(ECHO, os.urandom(9_000_000)))["VersionId"]
    s3.put_object(Bucket=bucket, Key="code.zip", Body=_zip(OTHER))
    place = {"S3Bucket": bucket, "S3Key": "code.zip"}
    rest = {"Runtime": "python3.12", "Role": ROLE, "Handler": "index.handler"}
    client.create_function(FunctionName=name, Code=place, **rest)
    answer = lambda: json.load(client.invoke(FunctionName=name, Payload=b"{}")["Payload"])
    assert answer() == "other"
    client.update_function_code(FunctionName=name, S3ObjectVersion=first, **place)
    assert answer()["version"] == "$LATEST"
    layer = client.publish_layer_version(LayerName=name, Content=place)
    assert layer["Content"]["CodeSize"] == len(_zip(OTHER)), layer
    for wrong, text in [
        ({"S3Bucket": bucket, "S3Key": "none"},
         "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist."),
        ({"S3Bucket": stage.name("none"), "S3Key": "none"}, "Error occurred while GetObject. S3 Error Code: NoSuchBucket."),
        ({"S3Bucket": bucket}, "Please provide a source for function code."),
    ]:
        refused("InvalidParameterValueException", client.create_function, text, FunctionName="wrong", Code=wrong, **rest)
    s3.put_object(Bucket=bucket, Key="empty.zip", Body=b"")
    refused("InvalidParameterValueException", client.update_function_code, "Could not unzip uploaded file.",
            FunctionName=name, S3Bucket=bucket, S3Key="empty.zip")


def as_a_task(stage: Stage) -> None:
    client, name = stage.client("lambda"), stage.name("function")
    created = client.create_function(FunctionName=name, Runtime="python3.12", Role=ROLE, Handler="index.handler",
                                     Code={"ZipFile": _zip(ECHO)})
    by_arn = stage.machine(one_state({"Type": "Task", "Resource": created["FunctionArn"]}))
    assert json.loads(stage.run(by_arn, {"n": 2})["output"])["event"] == {"n": 2}
    ended = stage.run(by_arn, {"fail": True})
    assert (ended["status"], ended["error"]) == ("FAILED", "ValueError")
    invoke = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "OutputPath": "$.Payload.event",
              "Parameters": {"FunctionName": name, "Payload.$": "$"}}
    assert json.loads(stage.run(stage.machine(one_state(invoke)), {"n": 3})["output"]) == {"n": 3}
    # What the function printed is in its log group.
    logs = stage.client("logs", CONFIG.merge(Config()))
    printed = lambda: [event["message"] for event in _events(logs, f"/aws/lambda/{name}", '"got"')]
    # Lines arrive a moment after the answer.
    until(printed, lambda messages: any("{'n': 3}" in message for message in messages))


def _events(logs, group: str, pattern: str) -> list[dict]:
    try:
        return logs.filter_log_events(logGroupName=group, filterPattern=pattern)["events"]
    except logs.exceptions.ResourceNotFoundException:
        return []


def _zip(source: str, data: bytes = b"") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", source)
        archive.writestr("data", data)
    return packed.getvalue()
