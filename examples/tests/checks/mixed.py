"""One workflow whose tasks are a service of this server, one of another server, and a mock; and the other one goes down."""

import json
import time

import boto3
from scene import CONFIG, Scene, until
from server import Server, quiet_port

ROLE = "arn:aws:iam::123456789012:role/workflow"
TABLE = "orders"
DEFINITION = {
    "StartAt": "Embedded",
    "States": {
        "Embedded": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Parameters": {"QueueUrl.$": "$.queue", "MessageBody.$": "$.id"},
            "ResultPath": None,
            "Next": "Remote",
        },
        "Remote": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:putItem",
            "Parameters": {"TableName": TABLE, "Item": {"id": {"S.$": "$.id"}, "by": {"S": "a task"}}},
            "ResultPath": None,
            "Retry": [{"ErrorEquals": ["DynamoDB.SdkClientException"], "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": 60}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Refused"}],
            "Next": "Mocked",
        },
        "Mocked": {
            "Type": "Task",
            "Resource": "arn:aws:states:::glue:startJobRun.sync",
            "Parameters": {"JobName": "nowhere"},
            "ResultSelector": {"state.$": "$.JobRunState"},
            "Retry": [{"ErrorEquals": ["Glue.ConcurrentRunsExceededException"], "IntervalSeconds": 1, "MaxAttempts": 1}],
            "End": True,
        },
        "Refused": {"Type": "Pass", "OutputPath": "$.Error", "End": True},
    },
}
MOCKS = {
    "StateMachines": {"mixed": {"TestCases": {"GlueWorks": {"Mocked": "Glue"}}}},
    "MockedResponses": {
        "Glue": {
            "0": {"Throw": {"Error": "Glue.ConcurrentRunsExceededException", "Cause": "one runs"}},
            "1": {"Return": {"JobRunState": "SUCCEEDED"}},
        }
    },
}


class _Other:
    """Another server with a data directory and a port of its own, that has this one's tables."""

    def __init__(self, scene: Scene):
        self.binary, self.data, self.port = scene.binary, str(scene.directory / "other"), quiet_port()
        self.start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        self.server = Server(self.binary, "--data", self.data, "--port", str(self.port))

    def client(self, service: str):
        return boto3.client(service, endpoint_url=self.url, config=CONFIG)

    def __enter__(self) -> "_Other":
        return self

    def __exit__(self, *_) -> None:
        self.server.kill()


def workflow(scene: Scene) -> None:
    with _Other(scene) as other:
        machine, queue = _stage(scene, other)
        done = _run(scene, machine, queue, "one")
        assert (done["status"], json.loads(done["output"])) == ("SUCCEEDED", {"state": "SUCCEEDED"}), done
        assert [message["Body"] for message in scene.messages(queue, 1)] == ["one"]
        assert other.client("sqs").list_queues().get("QueueUrls", []) == [], "the queue is here"
        # The table is there, and clients of this server reach it too.
        for client in (other.client("dynamodb"), scene.client("dynamodb")):
            assert client.get_item(TableName=TABLE, Key={"id": {"S": "one"}})["Item"]["by"]["S"] == "a task"
        other.client("dynamodb").delete_table(TableName=TABLE)
        refused = _run(scene, machine, queue, "two")
        assert json.loads(refused["output"]) == "DynamoDB.ResourceNotFoundException", refused


def down(scene: Scene) -> None:
    """The other server is down: Retry sees it, and others see nothing of it."""
    with _Other(scene) as other:
        machine, queue = _stage(scene, other)
        other.server.kill()
        started = [_start(scene, machine, queue, name) for name in ("a", "b", "c")]
        for arn in started:
            until(lambda: "DynamoDB.SdkClientException" in _errors(scene, arn))
        begun = time.monotonic()
        assert len(scene.messages(queue, 3)) == 3, "queues are here, and work"
        assert time.monotonic() - begun < 10
        other.start()
        for arn in started:
            done = scene.ended(arn)
            assert (done["status"], json.loads(done["output"])) == ("SUCCEEDED", {"state": "SUCCEEDED"}), done
        found = other.client("dynamodb").scan(TableName=TABLE)["Items"]
        assert {item["id"]["S"] for item in found} == {"a", "b", "c"}, found
        assert scene.messages(queue, 0) == [], "what was recorded is not done again"


def _stage(scene: Scene, other: _Other) -> tuple[str, str]:
    """A state machine and a queue here, a table there."""
    settings, mocks = scene.directory / "passo.toml", scene.directory / "mocks.json"
    settings.write_text(f'[services.dynamodb]\nendpoint = "{other.url}"\n')
    mocks.write_text(json.dumps(MOCKS))
    scene.options = ["--config", str(settings), "--mock", str(mocks)]
    scene.restart()
    other.client("dynamodb").create_table(
        TableName=TABLE, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
    queue = scene.client("sqs").create_queue(QueueName="mixed")["QueueUrl"]
    created = scene.client("stepfunctions").create_state_machine(
        name="mixed", definition=json.dumps(DEFINITION), roleArn=ROLE)
    return created["stateMachineArn"], queue


def _start(scene: Scene, machine: str, queue: str, name: str) -> str:
    started = scene.client("stepfunctions").start_execution(
        stateMachineArn=f"{machine}#GlueWorks", input=json.dumps({"id": name, "queue": queue}))
    return started["executionArn"]


def _run(scene: Scene, machine: str, queue: str, name: str) -> dict:
    return scene.ended(_start(scene, machine, queue, name))


def _errors(scene: Scene, execution: str) -> set[str]:
    """The names of the errors that tasks of an execution have met."""
    events = scene.client("stepfunctions").get_execution_history(executionArn=execution, maxResults=1000)["events"]
    return {event["taskFailedEventDetails"]["error"] for event in events if "taskFailedEventDetails" in event}
