"""Lambda's concurrency: reserved, provisioned, and aliases whose weights share invocations among versions."""

import io
import json
import pathlib
import tempfile
import threading
import zipfile

from stage import ROLE, Stage, one_state, refused, until

# Says by a file that it is at work, and is so until there is another.
PATIENT = """import os, time

def handler(event, context):
    if "at_work" in event:
        open(event["at_work"], "w").close()
        while not os.path.exists(event["enough"]):
            time.sleep(0.01)
    return context.function_version
"""


def reserved(stage: Stage) -> None:
    client, name = stage.client("lambda"), _function(stage)
    before = client.get_account_settings()["AccountLimit"]
    put = client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=1)
    assert put["ReservedConcurrentExecutions"] == 1
    assert client.get_function_concurrency(FunctionName=name)["ReservedConcurrentExecutions"] == 1
    after = client.get_account_settings()["AccountLimit"]
    assert before["ConcurrentExecutions"] == after["ConcurrentExecutions"] == 1000
    assert after["UnreservedConcurrentExecutions"] == before["UnreservedConcurrentExecutions"] - 1
    assert client.get_function(FunctionName=name)["Concurrency"]["ReservedConcurrentExecutions"] == 1
    client.invoke(FunctionName=name)
    with tempfile.TemporaryDirectory() as folder:
        at_work, enough = pathlib.Path(folder, "at-work"), pathlib.Path(folder, "enough")
        event = json.dumps({"at_work": str(at_work), "enough": str(enough)})
        busy = threading.Thread(target=client.invoke, kwargs={"FunctionName": name, "Payload": event})
        busy.start()
        until(at_work.exists, bool)
        try:
            response = refused("TooManyRequestsException", client.invoke, FunctionName=name)
        finally:
            enough.touch()
            busy.join()
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 429
    # A state machine sees it under the name that AWS gives it.
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": name}}
    ended = stage.run(stage.machine(one_state(task)))
    assert (ended["status"], ended["error"]) == ("FAILED", "Lambda.TooManyRequestsException"), ended
    client.delete_function_concurrency(FunctionName=name)
    assert "ReservedConcurrentExecutions" not in client.get_function_concurrency(FunctionName=name)
    assert json.load(client.invoke(FunctionName=name)["Payload"]) == "$LATEST"
    refused("InvalidParameterValueException", client.put_function_concurrency, "below its minimum value of [100]",
            FunctionName=name, ReservedConcurrentExecutions=901)


def provisioned(stage: Stage) -> None:
    client, name = stage.client("lambda"), _function(stage)
    missing = "ProvisionedConcurrencyConfigNotFoundException"
    version = client.publish_version(FunctionName=name)["Version"]
    where = {"FunctionName": name, "Qualifier": version}
    refused(missing, client.get_provisioned_concurrency_config, **where)
    put = client.put_provisioned_concurrency_config(ProvisionedConcurrentExecutions=2, **where)
    assert put["Status"] == "IN_PROGRESS" and put["ResponseMetadata"]["HTTPStatusCode"] == 202
    shown = client.get_provisioned_concurrency_config(**where)
    assert (shown["Status"], shown["AvailableProvisionedConcurrentExecutions"]) == ("READY", 2)
    listed = client.list_provisioned_concurrency_configs(FunctionName=name)["ProvisionedConcurrencyConfigs"]
    assert [it["FunctionArn"].rsplit(":", 1)[1] for it in listed] == [version]
    refused("InvalidParameterValueException", client.put_provisioned_concurrency_config, "unpublished",
            FunctionName=name, Qualifier="$LATEST", ProvisionedConcurrentExecutions=1)
    client.delete_provisioned_concurrency_config(**where)
    refused(missing, client.get_provisioned_concurrency_config, **where)


def weights(stage: Stage) -> None:
    client, name = stage.client("lambda"), _function(stage)
    one = client.publish_version(FunctionName=name)["Version"]
    client.update_function_configuration(FunctionName=name, Description="other")
    two = client.publish_version(FunctionName=name)["Version"]
    routing = lambda weight: {"AdditionalVersionWeights": {two: weight}}
    created = client.create_alias(FunctionName=name, Name="live", FunctionVersion=one, RoutingConfig=routing(0.5))
    assert created["RoutingConfig"] == routing(0.5)
    versions = lambda: {json.load(client.invoke(FunctionName=name, Qualifier="live")["Payload"]) for _ in range(40)}
    # Forty times the same one out of two: less than once in 10^11 runs.
    assert versions() == {one, two}
    client.update_alias(FunctionName=name, Name="live", RoutingConfig=routing(1.0))
    assert versions() == {two}
    client.update_alias(FunctionName=name, Name="live", RoutingConfig={"AdditionalVersionWeights": {}})
    assert "RoutingConfig" not in client.get_alias(FunctionName=name, Name="live")
    assert versions() == {one}
    refused("InvalidParameterValueException", client.update_alias, FunctionName=name, Name="live",
            RoutingConfig={"AdditionalVersionWeights": {one: 0.5}})


def _function(stage: Stage) -> str:
    name, packed = stage.name("function"), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", PATIENT)
    stage.client("lambda").create_function(FunctionName=name, Runtime="python3.12", Role=ROLE, Timeout=20,
                                           Handler="index.handler", Code={"ZipFile": packed.getvalue()})
    return name
