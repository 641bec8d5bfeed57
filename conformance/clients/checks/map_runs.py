"""Map runs: ListMapRuns, DescribeMapRun, UpdateMapRun, and the executions of a Map run."""

from stage import Stage, one_state, refused, until

PROCESSOR = {
    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    "StartAt": "I",
    "States": {"I": {"Type": "Wait", "Seconds": 3600, "End": True}},
}
NONE = "mapRun:none/label:00000000-0000-0000-0000-000000000000"


def life(stage: Stage) -> None:
    sfn = stage.sfn
    machine = stage.machine(one_state({"Type": "Map", "Label": "L", "MaxConcurrency": 2, "ItemProcessor": PROCESSOR}))
    execution = sfn.start_execution(stateMachineArn=machine, input="[1, 2, 3, 4]")["executionArn"]
    listed = until(lambda: sfn.list_map_runs(executionArn=execution)["mapRuns"], bool)
    arn = listed[0]["mapRunArn"]
    assert listed[0]["stateMachineArn"] == f"{machine}/L" and listed[0]["executionArn"] == execution
    shown = until(lambda: sfn.describe_map_run(mapRunArn=arn), lambda run: run["itemCounts"]["running"] == 2)
    assert (shown["status"], shown["maxConcurrency"], shown["itemCounts"]["total"]) == ("RUNNING", 2, 4)
    sfn.update_map_run(mapRunArn=arn, maxConcurrency=4, toleratedFailurePercentage=50.0, toleratedFailureCount=1)
    shown = until(lambda: sfn.describe_map_run(mapRunArn=arn), lambda run: run["itemCounts"]["running"] == 4)
    assert (shown["toleratedFailurePercentage"], shown["toleratedFailureCount"]) == (50.0, 1)

    pages = list(sfn.get_paginator("list_executions").paginate(mapRunArn=arn, maxResults=3))
    children = [child for page in pages for child in page["executions"]]
    assert len(children) == 4 and {child["itemCount"] for child in children} == {1}
    child = children[0]["executionArn"]
    assert sfn.describe_execution(executionArn=child)["mapRunArn"] == arn
    assert sfn.describe_state_machine_for_execution(executionArn=child)["mapRunArn"] == arn
    refused("ValidationException", sfn.update_map_run, "must be provided", mapRunArn=arn)
    refused("InvalidToken", sfn.list_map_runs, executionArn=execution, nextToken="none")

    sfn.stop_execution(executionArn=execution)
    until(lambda: sfn.describe_map_run(mapRunArn=arn), lambda run: run["status"] == "ABORTED")
    until(lambda: sfn.list_executions(mapRunArn=arn, statusFilter="ABORTED")["executions"], lambda it: len(it) == 4)


def refusals(stage: Stage) -> None:
    sfn = stage.sfn
    refused("ResourceNotFound", sfn.describe_map_run, mapRunArn=stage.arn(NONE))
    refused("InvalidArn", sfn.describe_map_run, mapRunArn="no-arn")
    refused("ResourceNotFound", sfn.update_map_run, mapRunArn=stage.arn(NONE), maxConcurrency=1)
    refused("InvalidArn", sfn.update_map_run, mapRunArn="no-arn", maxConcurrency=1)
    refused("ExecutionDoesNotExist", sfn.list_map_runs, executionArn=stage.arn("execution:none:none"))
    refused("InvalidArn", sfn.list_map_runs, executionArn="no-arn")
