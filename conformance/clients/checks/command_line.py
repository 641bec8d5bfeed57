"""The AWS CLI: half of the operations, what it prints, and how it ends where it is refused."""

import json
import shutil
import subprocess

from stage import ROLE, Stage, one_state

# What `aws` ends with where the service refused: version 2 and version 1. Source: AWS CLI User Guide, "Return codes".
REFUSED = (254, 255)


def machines(stage: Stage) -> None:
    definition = json.dumps(one_state({"Type": "Pass", "Result": {"from": "cli"}}))
    arn = _aws("create-state-machine", "--name", stage.name("cli"), "--role-arn", ROLE, "--definition", definition,
               "--tags", "key=team,value=orders")["stateMachineArn"]
    assert _aws("validate-state-machine-definition", "--definition", definition)["result"] == "OK"
    assert _aws("describe-state-machine", "--state-machine-arn", arn)["status"] == "ACTIVE"
    assert _aws("list-tags-for-resource", "--resource-arn", arn)["tags"] == [{"key": "team", "value": "orders"}]
    version = _aws("publish-state-machine-version", "--state-machine-arn", arn)["stateMachineVersionArn"]
    routing = json.dumps([{"stateMachineVersionArn": version, "weight": 100}])
    alias = _aws("create-state-machine-alias", "--name", "live", "--routing-configuration", routing)
    execution = _aws("start-execution", "--state-machine-arn", alias["stateMachineAliasArn"])["executionArn"]
    stage.ended(execution)
    shown = _aws("describe-execution", "--execution-arn", execution)
    assert json.loads(shown["output"]) == {"from": "cli"}
    history = _aws("get-execution-history", "--execution-arn", execution, "--page-size", "1")["events"]
    assert [event["id"] for event in history] == [1, 2, 3, 4]
    names = _run("list-executions", "--state-machine-arn", arn, "--query", "executions[].executionArn", "--output", "text")
    assert names.stdout.split() == [execution]
    assert _aws("update-state-machine", "--state-machine-arn", arn, "--role-arn", ROLE + "2")["updateDate"]
    assert _run("delete-state-machine", "--state-machine-arn", arn).returncode == 0
    gone = _run("describe-state-machine", "--state-machine-arn", arn)
    assert gone.returncode in REFUSED and "(StateMachineDoesNotExist)" in gone.stderr, gone


def tasks_and_tests(stage: Stage) -> None:
    activity = _aws("create-activity", "--name", stage.name("cli"))["activityArn"]
    machine = stage.machine(one_state({"Type": "Task", "Resource": activity}))
    execution = stage.sfn.start_execution(stateMachineArn=machine)["executionArn"]
    token = _aws("get-activity-task", "--activity-arn", activity)["taskToken"]
    assert _run("send-task-success", "--task-token", token, "--task-output", '{"ok": true}').returncode == 0
    assert stage.ended(execution)["output"] == '{"ok": true}'
    assert activity in [it["activityArn"] for it in _aws("list-activities")["activities"]]
    waiting = stage.sfn.start_execution(stateMachineArn=machine)["executionArn"]
    assert _aws("stop-execution", "--execution-arn", waiting, "--error", "Enough")["stopDate"]
    assert _aws("redrive-execution", "--execution-arn", waiting)["redriveDate"]
    tested = _aws("test-state", "--role-arn", ROLE, "--definition", '{"Type": "Succeed"}', "--input", '{"a": 1}')
    assert (tested["status"], tested["output"]) == ("SUCCEEDED", '{"a": 1}')
    express = stage.machine(one_state({"Type": "Pass"}), type="EXPRESS")
    assert _aws("start-sync-execution", "--state-machine-arn", express)["status"] == "SUCCEEDED"
    refused = _run("start-execution", "--state-machine-arn", "no-arn")
    assert refused.returncode in REFUSED and "(InvalidArn)" in refused.stderr, refused


def _aws(*arguments: str) -> dict:
    done = _run(*arguments)
    assert done.returncode == 0, f"{arguments}: {done.stderr}"
    return json.loads(done.stdout)


def _run(*arguments: str) -> subprocess.CompletedProcess:
    program = shutil.which("aws")
    assert program, "the AWS CLI is not installed: `python3 -m pip install awscli`"
    return subprocess.run([program, "stepfunctions", *arguments], capture_output=True, text=True, timeout=60)
