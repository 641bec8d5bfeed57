"""StartExecution, StartSyncExecution, DescribeExecution, ListExecutions, StopExecution, RedriveExecution,
GetExecutionHistory."""

import json
import socket

from stage import FAIL, PASS, WAIT, Stage, one_state, refused, until

NONE = "execution:none:none"


def life(stage: Stage) -> None:
    sfn, arn = stage.sfn, stage.machine(one_state({"Type": "Pass", "Result": {"done": True}}))
    started = sfn.start_execution(stateMachineArn=arn, name="first", input='{"n": 1}', traceHeader="Root=1-2-3")
    execution = started["executionArn"]
    assert execution == stage.arn(f"execution:{arn.rpartition(':')[2]}:first")
    ended = stage.ended(execution)
    assert (ended["status"], ended["input"], json.loads(ended["output"])) == ("SUCCEEDED", '{"n": 1}', {"done": True})
    assert ended["startDate"] == started["startDate"] and ended["stopDate"] >= ended["startDate"]
    assert ended["inputDetails"] == ended["outputDetails"] == {"included": True}
    assert (ended["redriveCount"], ended["redriveStatus"], ended["traceHeader"]) == (0, "NOT_REDRIVABLE", "Root=1-2-3")
    assert "input" not in sfn.describe_execution(executionArn=execution, includedData="METADATA_ONLY")

    types = [event["type"] for event in sfn.get_execution_history(executionArn=execution)["events"]]
    assert types == ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]
    newest = sfn.get_execution_history(executionArn=execution, reverseOrder=True, includeExecutionData=False)["events"]
    assert [event["id"] for event in newest] == [4, 3, 2, 1]
    assert "output" not in newest[0].get("executionSucceededEventDetails", {})
    assert [it["executionArn"] for it in sfn.list_executions(stateMachineArn=arn)["executions"]] == [execution]


def starting_again(stage: Stage) -> None:
    """The same start again is the same execution while it runs, and a taken name after."""
    sfn, arn = stage.sfn, stage.machine(WAIT)
    first = sfn.start_execution(stateMachineArn=arn, name="x", input="{}")
    again = sfn.start_execution(stateMachineArn=arn, name="x", input="{}")
    assert (again["executionArn"], again["startDate"]) == (first["executionArn"], first["startDate"])
    refused("ExecutionAlreadyExists", sfn.start_execution, "Execution Already Exists: '", stateMachineArn=arn, name="x",
            input='{"other": 1}')
    sfn.stop_execution(executionArn=first["executionArn"])
    refused("ExecutionAlreadyExists", sfn.start_execution, stateMachineArn=arn, name="x", input="{}")


def stopping(stage: Stage) -> None:
    sfn, arn = stage.sfn, stage.machine(WAIT)
    execution = sfn.start_execution(stateMachineArn=arn)["executionArn"]
    assert sfn.describe_execution(executionArn=execution)["status"] == "RUNNING"
    stopped = sfn.stop_execution(executionArn=execution, error="Enough", cause="of waiting")
    shown = sfn.describe_execution(executionArn=execution)
    assert (shown["status"], shown["error"], shown["cause"]) == ("ABORTED", "Enough", "of waiting")
    assert shown["stopDate"] == stopped["stopDate"]
    refused("ExecutionDoesNotExist", sfn.stop_execution, executionArn=stage.arn(NONE))
    refused("InvalidArn", sfn.stop_execution, executionArn=arn)
    refused("ValidationException", sfn.stop_execution, executionArn=execution, error="x" * 257)


def redriving(stage: Stage) -> None:
    sfn, arn = stage.sfn, stage.machine(FAIL)
    execution = stage.run(arn)["executionArn"]
    assert sfn.describe_execution(executionArn=execution)["redriveStatus"] == "REDRIVABLE"
    redriven = sfn.redrive_execution(executionArn=execution, clientToken="once")
    again = until(lambda: stage.ended(execution), lambda answer: answer["redriveCount"] == 1)
    assert again["redriveDate"] == redriven["redriveDate"] and again["status"] == "FAILED"
    assert sfn.redrive_execution(executionArn=execution, clientToken="once")["redriveDate"] == redriven["redriveDate"]
    assert sfn.describe_execution(executionArn=execution)["redriveCount"] == 1
    done = stage.run(stage.machine(PASS))["executionArn"]
    refused("ExecutionNotRedrivable", sfn.redrive_execution, "Execution is SUCCEEDED and cannot be redriven",
            executionArn=done)
    refused("ExecutionDoesNotExist", sfn.redrive_execution, executionArn=stage.arn(NONE))
    refused("InvalidArn", sfn.redrive_execution, executionArn="no-arn")
    refused("ValidationException", sfn.redrive_execution, executionArn=execution, clientToken="x" * 65)


def starting_is_refused(stage: Stage) -> None:
    start, arn = stage.sfn.start_execution, stage.machine(PASS)
    refused("InvalidArn", start, "Invalid Arn: '", stateMachineArn="no-arn")
    refused("InvalidName", start, "Invalid Name: 'a/b'", stateMachineArn=arn, name="a/b")
    refused("InvalidExecutionInput", start, "Invalid State Machine Execution Input: '", stateMachineArn=arn, input="{")
    refused("StateMachineDoesNotExist", start, stateMachineArn=stage.arn("stateMachine:none"))
    refused("ValidationException", start, "labeled ARNs", stateMachineArn=f"{arn}/label")
    refused("ValidationException", start, stateMachineArn=arn, input='"' + "x" * 262_143 + '"')


def reading_is_refused(stage: Stage) -> None:
    sfn, arn = stage.sfn, stage.machine(PASS)
    execution = stage.run(arn)["executionArn"]
    refused("ExecutionDoesNotExist", sfn.describe_execution, "Execution Does Not Exist: '", executionArn=stage.arn(NONE))
    refused("InvalidArn", sfn.describe_execution, executionArn=arn)
    refused("ExecutionDoesNotExist", sfn.get_execution_history, executionArn=stage.arn(NONE))
    refused("InvalidArn", sfn.get_execution_history, executionArn=arn)
    refused("InvalidToken", sfn.get_execution_history, executionArn=execution, nextToken="none")
    listing = sfn.list_executions
    refused("InvalidArn", listing, stateMachineArn="no-arn")
    refused("InvalidToken", listing, stateMachineArn=arn, nextToken="none")
    refused("StateMachineDoesNotExist", listing, stateMachineArn=stage.arn("stateMachine:none"))
    refused("StateMachineTypeNotSupported", listing, stateMachineArn=stage.machine(PASS, type="EXPRESS"))
    refused("ValidationException", listing, "Value 'GONE' at 'statusFilter'", stateMachineArn=arn, statusFilter="GONE")
    refused("ResourceNotFound", listing, mapRunArn=stage.arn("mapRun:m/label:00000000-0000-0000-0000-000000000000"))


def pages(stage: Stage) -> None:
    sfn, arn = stage.sfn, stage.machine(FAIL)
    started = [stage.run(arn)["executionArn"] for _ in range(7)]
    paginator = sfn.get_paginator("list_executions")
    listed = [page["executions"] for page in paginator.paginate(stateMachineArn=arn, maxResults=3)]
    assert [len(page) for page in listed] == [3, 3, 1]
    assert [it["executionArn"] for page in listed for it in page] == started[::-1]
    assert not sfn.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"]
    history = sfn.get_paginator("get_execution_history")
    events = [page["events"] for page in history.paginate(executionArn=started[0], maxResults=2)]
    assert [[event["id"] for event in page] for page in events] == [[1, 2], [3]]
    names = {stage.machine(PASS) for _ in range(5)} | {arn}
    machines = sfn.get_paginator("list_state_machines").paginate(PaginationConfig={"PageSize": 2})
    assert names <= {it["stateMachineArn"] for page in machines for it in page["stateMachines"]}
    token = sfn.list_executions(stateMachineArn=arn, maxResults=3)["nextToken"]
    refused("InvalidToken", sfn.list_executions, stateMachineArn=stage.machine(PASS), nextToken=token)


def synchronous(stage: Stage) -> None:
    sfn, arn = stage.sfn, stage.machine(one_state({"Type": "Pass", "Result": {"n": 2}}), type="EXPRESS")
    answer = sfn.start_sync_execution(stateMachineArn=arn, name="now", input="{}")
    assert (answer["status"], json.loads(answer["output"]), answer["name"]) == ("SUCCEEDED", {"n": 2}, "now")
    assert answer["billingDetails"]["billedDurationInMilliseconds"] >= 100
    failed = sfn.start_sync_execution(stateMachineArn=stage.machine(FAIL, type="EXPRESS"))
    assert (failed["status"], failed["error"], failed["cause"]) == ("FAILED", "Broken", "on purpose")
    hidden = sfn.start_sync_execution(stateMachineArn=arn, includedData="METADATA_ONLY")
    assert "output" not in hidden and hidden["outputDetails"] == {"included": False}
    begun = sfn.start_execution(stateMachineArn=arn)["executionArn"]
    assert begun.startswith(stage.arn("express:"))

    start = sfn.start_sync_execution
    refused("StateMachineTypeNotSupported", start, "not supported by this type", stateMachineArn=stage.machine(PASS))
    refused("InvalidArn", start, stateMachineArn="no-arn")
    refused("InvalidName", start, stateMachineArn=arn, name="a b")
    refused("InvalidExecutionInput", start, stateMachineArn=arn, input="nothing")
    refused("StateMachineDoesNotExist", start, stateMachineArn=stage.arn("stateMachine:none"))


def synchronous_with_the_prefix(stage: Stage) -> None:
    """`sync-` before the host, as every SDK puts it there: where the name has an address, the server answers."""
    arn = stage.machine(PASS, type="EXPRESS")
    client = stage.new_client(inject_host_prefix=True)
    resolve = socket.getaddrinfo
    asked = []

    def resolve_prefixed(host, *rest, **options):
        asked.append(host)
        return resolve("127.0.0.1" if host == "sync-localhost" else host, *rest, **options)

    socket.getaddrinfo = resolve_prefixed
    try:
        assert client.start_sync_execution(stateMachineArn=arn)["status"] == "SUCCEEDED"
        assert client.test_state(definition=json.dumps(PASS["States"]["A"]))["status"] == "SUCCEEDED"
    finally:
        socket.getaddrinfo = resolve
    assert "sync-localhost" in asked
