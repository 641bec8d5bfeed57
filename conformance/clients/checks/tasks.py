"""Activities and task tokens: CreateActivity, DescribeActivity, ListActivities, DeleteActivity, GetActivityTask,
SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat."""

import json
import socket
import threading

from botocore.exceptions import BotoCoreError, ClientError

from server import Server
from stage import Stage, one_state, refused, until

KEY = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"
POLLERS_MAX = 1000


def life(stage: Stage) -> None:
    sfn, name = stage.sfn, stage.name("activity")
    created = sfn.create_activity(name=name, tags=[{"key": "a", "value": "b"}])
    arn = created["activityArn"]
    assert arn == stage.arn(f"activity:{name}")
    assert sfn.create_activity(name=name)["creationDate"] == created["creationDate"]
    shown = sfn.describe_activity(activityArn=arn)
    assert (shown["name"], shown["encryptionConfiguration"]) == (name, {"type": "AWS_OWNED_KEY"})
    others = {sfn.create_activity(name=stage.name("activity"))["activityArn"] for _ in range(4)}
    pages = list(sfn.get_paginator("list_activities").paginate(maxResults=2))
    assert {arn} | others <= {it["activityArn"] for page in pages for it in page["activities"]}
    assert all(len(page["activities"]) <= 2 for page in pages)
    sfn.delete_activity(activityArn=arn)
    sfn.delete_activity(activityArn=arn)
    refused("ActivityDoesNotExist", sfn.describe_activity, f"Activity Does Not Exist: '{arn}'", activityArn=arn)


def work(stage: Stage) -> None:
    sfn = stage.sfn
    activity = sfn.create_activity(name=stage.name("activity"))["activityArn"]
    machine = stage.machine(one_state({"Type": "Task", "Resource": activity, "HeartbeatSeconds": 60}))
    for finish, status in ((_succeed, "SUCCEEDED"), (_fail, "FAILED")):
        execution = sfn.start_execution(stateMachineArn=machine, input='{"n": 1}')["executionArn"]
        task = sfn.get_activity_task(activityArn=activity, workerName="worker")
        assert task["input"] == '{"n": 1}'
        sfn.send_task_heartbeat(taskToken=task["taskToken"])
        finish(sfn, task["taskToken"])
        ended = stage.ended(execution)
        assert ended["status"] == status
        for again in (_succeed, _fail, _beat):
            refused("TaskTimedOut", again, "Task Timed Out: '", sfn=sfn, token=task["taskToken"])
    types = [event["type"] for event in sfn.get_execution_history(executionArn=execution)["events"]]
    assert types[2:5] == ["ActivityScheduled", "ActivityStarted", "ActivityFailed"]


def tokens_are_refused(stage: Stage) -> None:
    sfn = stage.sfn
    foreign = _live_token(stage.elsewhere(account="999999999999"))
    gone = _token_of_nothing(stage)
    for call in (_succeed, _fail, _beat):
        refused("InvalidToken", call, "Invalid Token: '", sfn=sfn, token="no token")
        refused("InvalidToken", call, sfn=sfn, token=foreign)
        refused("TaskDoesNotExist", call, "Task does not exist", sfn=sfn, token=gone)
    refused("InvalidOutput", sfn.send_task_success, "Invalid Output: '", taskToken=_live_token(stage), output="{")


def activities_are_refused(stage: Stage) -> None:
    sfn, name = stage.sfn, stage.name("activity")
    create = sfn.create_activity
    create(name=name)
    other_key = {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": KEY}
    refused("ActivityAlreadyExists", create, "Activity Already Exists: '", name=name, encryptionConfiguration=other_key)
    refused("InvalidName", create, "Invalid Name: 'a b'", name="a b")
    refused("TooManyTags", create, name="x", tags=[{"key": f"k{n}", "value": ""} for n in range(51)])
    refused("InvalidEncryptionConfiguration", create, name="x",
            encryptionConfiguration={"type": "CUSTOMER_MANAGED_KMS_KEY"})
    refused("InvalidArn", sfn.describe_activity, activityArn="no-arn")
    refused("InvalidArn", sfn.delete_activity, activityArn="no-arn")
    refused("InvalidToken", sfn.list_activities, nextToken="none")
    refused("InvalidArn", sfn.get_activity_task, activityArn=stage.arn("stateMachine:x"))
    refused("ActivityDoesNotExist", sfn.get_activity_task, activityArn=stage.arn("activity:none"))


def too_many_workers(stage: Stage) -> None:
    """A thousand open polls, as bare requests: that many clients would need that many threads."""
    sfn = stage.sfn
    arn = sfn.create_activity(name=stage.name("activity"))["activityArn"]
    body = json.dumps({"activityArn": arn})
    scope = f"{stage.account}/20260101/{stage.region}/states/aws4_request"
    request = (
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.0\r\n"
        "X-Amz-Target: AWSStepFunctions.GetActivityTask\r\n"
        f"Authorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
    port = int(stage.url.rpartition(":")[2])
    pollers = []
    try:
        for _ in range(POLLERS_MAX):
            pollers.append(socket.create_connection(("127.0.0.1", port)))
            pollers[-1].sendall(request)
        error = until(lambda: _answered(sfn, arn), lambda answer: answer is not None)
        assert error["Code"] == "ActivityWorkerLimitExceeded", error
    finally:
        for poller in pollers:
            poller.close()


def callback(stage: Stage) -> None:
    """A token that travels in a payload: the task of a nested execution's parent is completed by whoever has it."""
    sfn = stage.sfn
    child = stage.machine(one_state({"Type": "Pass"}))
    resource = "arn:aws:states:::states:startExecution.waitForTaskToken"
    parameters = {"StateMachineArn": child, "Input": {"token.$": "$$.Task.Token"}}
    parent = stage.machine(one_state({"Type": "Task", "Resource": resource, "Parameters": parameters}))
    execution = sfn.start_execution(stateMachineArn=parent)["executionArn"]
    listed = until(lambda: sfn.list_executions(stateMachineArn=child)["executions"], bool)
    token = json.loads(stage.ended(listed[0]["executionArn"])["input"])["token"]
    sfn.send_task_success(taskToken=token, output='{"approved": true}')
    assert json.loads(stage.ended(execution)["output"]) == {"approved": True}


def _answered(sfn, arn: str) -> dict | None:
    """The error that one more poll gets; none while it would have to wait."""
    found = []

    def poll() -> None:
        try:
            sfn.get_activity_task(activityArn=arn)
        except ClientError as error:
            found.append(error.response["Error"])
        except BotoCoreError:
            # Those that had to wait are cut off by the server's end.
            pass

    thread = threading.Thread(target=poll, daemon=True)
    thread.start()
    thread.join(0.5)
    return found[0] if found else None


def _live_token(stage: Stage) -> str:
    activity = stage.sfn.create_activity(name=stage.name("activity"))["activityArn"]
    stage.sfn.start_execution(stateMachineArn=stage.machine(one_state({"Type": "Task", "Resource": activity})))
    return stage.sfn.get_activity_task(activityArn=activity)["taskToken"]


def _token_of_nothing(stage: Stage) -> str:
    """The token of a task that is not there: another server's."""
    other = Server(stage.binary, "--ephemeral", "--port", "0")
    try:
        return _live_token(stage.on(other.url))
    finally:
        other.kill()


def _succeed(sfn, token: str) -> dict:
    return sfn.send_task_success(taskToken=token, output="{}")


def _fail(sfn, token: str) -> dict:
    return sfn.send_task_failure(taskToken=token, error="E", cause="c")


def _beat(sfn, token: str) -> dict:
    return sfn.send_task_heartbeat(taskToken=token)
