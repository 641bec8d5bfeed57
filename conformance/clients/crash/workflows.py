"""The workflows that run while the server is killed. Each does the same whenever it runs, up to times and names."""

import io
import json
import zipfile

ROLE = "arn:aws:iam::123456789012:role/workflow"
FUNCTION = "crash-steady"
ACTIVITY = "crash-work"

# Fails until its state has been retried twice, says what it got after.
FUNCTION_SOURCE = """
class Unsteady(Exception):
    pass

def handler(event, context):
    if event.get("retries", 9) < 2:
        raise Unsteady("not yet")
    return {"n": event["n"], "squared": 49}
"""

# A worker that never got its task's token, because the answer was lost with the server, is noticed by this.
HEARTBEAT = {
    "HeartbeatSeconds": 3,
    "Retry": [{"ErrorEquals": ["States.HeartbeatTimeout"], "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": 999}],
}


def arn(kind: str) -> str:
    return f"arn:aws:states:us-east-1:123456789012:{kind}"


def states(*pairs: tuple[str, dict]) -> dict:
    """A definition of states one after another."""
    names = [name for name, _ in pairs]
    after = {name: {"Next": following} for name, following in zip(names, names[1:])}
    return {"StartAt": names[0], "States": {name: {**state, **after.get(name, {"End": True})} for name, state in pairs}}


def passing(**result) -> dict:
    return {"Type": "Pass", "Result": result, "ResultPath": "$.passed"}


def waiting(seconds: int) -> dict:
    return {"Type": "Wait", "Seconds": seconds}


def task(resource: str, parameters: dict, **more) -> dict:
    return {"Type": "Task", "Resource": resource, "Parameters": parameters, **more}


INNER = states(("Before", passing(a=1)), ("Sleep", waiting(1)), ("After", passing(b=2)))

RETRIED = {"ErrorEquals": ["Unsteady"], "IntervalSeconds": 1, "BackoffRate": 1.5, "MaxAttempts": 3}


def mapped(mode: dict, **more) -> dict:
    return {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": {"ProcessorConfig": mode, **INNER}, **more}


def definitions() -> dict[str, dict]:
    """The state machines that are started, by name; those that others start are in `CHILDREN`."""
    items = {"Type": "Pass", "Result": [{"i": 1}, {"i": 2}, {"i": 3}, {"i": 4}], "ResultPath": "$.items"}
    by_function = task("arn:aws:states:::lambda:invoke", {
        "FunctionName": FUNCTION, "Payload": {"n.$": "$.n", "retries.$": "$$.State.RetryCount"},
    }, Retry=[RETRIED], ResultPath=None)
    steady = task("arn:aws:states:::lambda:invoke", {"FunctionName": FUNCTION, "Payload.$": "$"})
    nested = task("arn:aws:states:::states:startExecution.sync:2",
                  {"StateMachineArn": arn("stateMachine:crash-child"), "Input": {"n.$": "$.n"}})
    named = task("arn:aws:states:::states:startExecution.sync:2",
                 {"StateMachineArn": arn("stateMachine:crash-named-child"), "Name.$": "$$.Execution.Name"}, ResultPath=None)
    by_token = task("arn:aws:states:::states:startExecution.waitForTaskToken",
                    {"StateMachineArn": arn("stateMachine:crash-approval"), "Input": {"token.$": "$$.Task.Token"}})
    express = task("arn:aws:states:::aws-sdk:sfn:startSyncExecution",
                   {"StateMachineArn": arn("stateMachine:crash-express")}, ResultPath=None)
    worker = {"Type": "Task", "Resource": arn(f"activity:{ACTIVITY}"), **HEARTBEAT}
    mocked = task("arn:aws:states:::sqs:sendMessage", {"QueueUrl": "mocked", "MessageBody": "m"}, ResultPath="$.mocked",
                  Retry=[{"ErrorEquals": ["Busy"], "IntervalSeconds": 1, "MaxAttempts": 1}])
    again = {"StartAt": "Mocked", "States": {
        "Mocked": {**mocked, "Next": "Sleep"}, "Sleep": {**waiting(1), "Next": "Again"},
        "Again": {"Type": "Choice", "Choices": [{"Variable": "$.mocked", "StringEquals": "again", "Next": "Mocked"}], "Default": "Done"},
        "Done": {"Type": "Succeed"}}}
    choice = {"StartAt": "Which", "States": {
        "Which": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThanEquals": 0, "Next": "Sleep"}]},
        "Sleep": {**waiting(2), "Next": "Done"}, "Done": {"Type": "Succeed"}}}
    return {
        "crash-chain": choice,
        "crash-retry": states(("Unsteady", by_function), ("Done", passing(c=3))),
        "crash-function": states(("Call", steady)),
        "crash-activity": states(("Work", worker), ("Done", {"Type": "Pass"})),
        "crash-parallel": states(("Both", {"Type": "Parallel", "Branches": [INNER, states(("Alone", passing(d=4)))]}),
                                 ("Done", {"Type": "Pass"})),
        "crash-map": states(("Items", items), ("Each", mapped({"Mode": "INLINE"}, MaxConcurrency=2))),
        "crash-distributed": states(("Items", items), ("Each", mapped(
            {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, Label="Each", MaxConcurrency=3))),
        "crash-distributed-express": states(("Items", items), ("Each", mapped(
            {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, Label="Each"))),
        "crash-nested": states(("Child", nested)),
        "crash-named": states(("Child", named), ("Done", {"Type": "Pass"})),
        "crash-token": states(("Ask", by_token), ("Done", {"Type": "Pass"})),
        "crash-quick": states(("Express", express), ("Done", {"Type": "Pass"})),
        "crash-mocked": again,
        "crash-caught": states(("Broken", task("arn:aws:states:::lambda:invoke", {
            "FunctionName": FUNCTION, "Payload": {"n": 1, "retries": 0}},
            Catch=[{"ErrorEquals": ["Unsteady"], "Next": "Done"}])), ("Done", {"Type": "Pass"})),
    }


# The test case of the machine that has one: answers by how often the state was invoked, whatever was killed meanwhile.
BUSY = {"Throw": {"Error": "Busy", "Cause": "not now"}}
MOCKS = {"StateMachines": {"crash-mocked": {"TestCases": {"Loop": {"Mocked": "Loop"}}}},
         "MockedResponses": {"Loop": {"0": BUSY, "1": {"Return": "again"}, "2": BUSY, "3": {"Return": "enough"}}}}
TEST_CASES = {"crash-mocked": "#Loop"}

CHILDREN = {
    "crash-child": INNER,
    "crash-named-child": INNER,
    "crash-approval": states(("Approve", {"Type": "Task", "Resource": arn(f"activity:{ACTIVITY}"), **HEARTBEAT})),
}
# Those that a user ends, or goes on with.
BY_HAND = {
    "crash-stopped": states(("Long", waiting(24 * 3600)), ("Done", {"Type": "Pass"})),
    "crash-redriven": {"StartAt": "Before", "States": {"Before": {**waiting(1), "Next": "Broken"},
                                                       "Broken": {"Type": "Fail", "Error": "Broken"}}},
}
EXPRESS = {"crash-express": states(("Before", passing(a=1)), ("After", passing(b=2)))}


def deploy(clients) -> None:
    """Makes everything that the workflows need. Doing it again changes nothing."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", FUNCTION_SOURCE)
    clients.functions.create_function(FunctionName=FUNCTION, Runtime="python3.12", Role=ROLE, Handler="index.handler",
                                      Code={"ZipFile": packed.getvalue()}, Timeout=60)
    clients.sfn.create_activity(name=ACTIVITY)
    for kind, machines in (("STANDARD", {**CHILDREN, **BY_HAND, **definitions()}), ("EXPRESS", EXPRESS)):
        for name, definition in machines.items():
            clients.sfn.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE, type=kind)
