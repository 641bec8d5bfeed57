"""What goes wrong around workflows: AWS's error names, seen by Retry and Catch, while everything else goes on."""

import io
import json
import shutil
import subprocess
import threading
import urllib.error
import urllib.request
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from botocore.exceptions import ClientError
from scene import Scene, until

ROLE = "arn:aws:iam::123456789012:role/workflow"
PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
DISK_MIB = 320


def missing_bucket(scene: Scene) -> None:
    s3 = scene.client("s3")
    s3.create_bucket(Bucket="there")
    s3.put_object(Bucket="there", Key="items.json", Body=b"[1, 2]")
    gone, here = {"Bucket": "not-there"}, {"Bucket": "there"}
    sdk = "arn:aws:states:::aws-sdk:s3:"
    for state, error, says in [
        (_task(sdk + "getObject", {**gone, "Key": "k"}), "S3.NoSuchBucketException", "does not exist"),
        (_task(sdk + "putObject", {**gone, "Key": "k", "Body": "b"}), "S3.NoSuchBucketException", "does not exist"),
        (_task(sdk + "listObjectsV2", gone), "S3.NoSuchBucketException", "does not exist"),
        (_task(sdk + "getObject", {**here, "Key": "k"}), "S3.NoSuchKeyException", "does not exist"),
        (_map(gone, here), "States.ItemReaderFailed", ""),
        (_map(here, gone), "States.ResultWriterFailed", ""),
    ]:
        done = scene.run(_machine(scene, _caught(state)), {})
        output = json.loads(done["output"])
        assert done["status"] == "SUCCEEDED" and output["Error"] == error and says in output["Cause"], (error, done)


def throttled(scene: Scene) -> None:
    """A service elsewhere that throttles, and a function without room: Retry goes on until it is let in."""
    with _Busy() as busy:
        settings = scene.directory / "passo.toml"
        settings.write_text(f'[services.glue]\nendpoint = "{busy.url}"\n')
        scene.options = ["--config", str(settings)]
        scene.restart()
        task = _task("arn:aws:states:::glue:startJobRun", {"JobName": "j"})
        caught = json.loads(scene.run(_machine(scene, _caught(task)), {})["output"])
        assert caught["Error"] == "Glue.ThrottlingException" and "Rate exceeded" in caught["Cause"], caught

        retried = {**task, "Retry": [_retry("Glue.ThrottlingException")]}
        started = _start(scene, _machine(scene, _alone(retried)))
        until(lambda: _failures(scene, started))
        busy.lets_in = True
        done = scene.ended(started)
        assert json.loads(done["output"])["JobRunId"] == "jr_1", done
        assert set(_failures(scene, started)) == {"Glue.ThrottlingException"}

    name, function = "no-room", scene.client("lambda")
    function.create_function(FunctionName=name, Runtime="python3.12", Role=ROLE, Handler="index.handler",
                             Code={"ZipFile": _packed("def handler(event, context): return 'let in'")})
    function.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    task = {**_task("arn:aws:states:::lambda:invoke", {"FunctionName": name}),
            "Retry": [_retry("Lambda.TooManyRequestsException")], "OutputPath": "$.Payload"}
    started = _start(scene, _machine(scene, _alone(task)))
    until(lambda: _failures(scene, started))
    function.delete_function_concurrency(FunctionName=name)
    done = scene.ended(started)
    assert json.loads(done["output"]) == "let in", done
    assert set(_failures(scene, started)) == {"Lambda.TooManyRequestsException"}


def full_disk(scene: Scene) -> None:
    with _SmallDisk(scene) as disk:
        if disk is None:
            print("     trouble.full_disk: this machine lets nobody mount a file system; nothing was checked")
        else:
            _work_on(scene, disk)


def _work_on(scene: Scene, disk: "_SmallDisk") -> None:
    """No room: changes are refused with the services' own errors, reads go on, a crash loses nothing, work goes on once there is room."""
    stepfunctions, s3, sqs = (scene.client(name) for name in ("stepfunctions", "s3", "sqs"))
    wait = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 2, "Next": "S"}, "S": _sending(scene)}}
    machine, simple = _machine(scene, wait), _machine(scene, PASS)
    queue = sqs.get_queue_url(QueueName="small-disk")["QueueUrl"]
    s3.create_bucket(Bucket="small-disk")
    s3.put_object(Bucket="small-disk", Key="before", Body=b"kept")
    started = [_start(scene, machine) for _ in range(5)]

    disk.fill()
    until(lambda: _health(scene) == "full")
    _refused(500, stepfunctions.start_execution, stateMachineArn=simple, input="{}")
    _refused(500, sqs.send_message, QueueUrl=queue, MessageBody="m")
    _refused(503, s3.put_object, Bucket="small-disk", Key="after", Body=b"x" * 100_000)
    # What is read is there.
    assert s3.get_object(Bucket="small-disk", Key="before")["Body"].read() == b"kept"
    assert len(scene.executions(machine)) == len(started)

    # Another process on the full disk, and room again.
    scene.restart()
    assert s3.get_object(Bucket="small-disk", Key="before")["Body"].read() == b"kept"
    disk.empty()
    until(lambda: _health(scene) == "ok")
    for arn in started:
        assert scene.ended(arn)["status"] == "SUCCEEDED"
    assert len(scene.messages(queue, len(started))) >= len(started)
    s3.put_object(Bucket="small-disk", Key="after", Body=b"room")
    assert [it["Key"] for it in s3.list_objects_v2(Bucket="small-disk")["Contents"]] == ["after", "before"]
    assert scene.run(simple, {})["status"] == "SUCCEEDED"


class _Busy:
    """A Glue that throttles everybody, until it is told to let them in."""

    def __init__(self):
        self.lets_in, busy = False, self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = 200, {"JobRunId": "jr_1"}
                if not busy.lets_in:
                    status, answer = 400, {"__type": "ThrottlingException", "message": "Rate exceeded"}
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> "_Busy":
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()


class _SmallDisk:
    """The server on a file system of its own, where this machine allows one: `with` gives `None` where it does not."""

    def __init__(self, scene: Scene):
        self._scene, self._data, self._holder = scene, scene.directory / "data", None

    def __enter__(self) -> "_SmallDisk | None":
        mount = ["unshare", "--mount", "--map-root-user", "sh", "-c"]
        script = f'mount -t tmpfs -o size={DISK_MIB}m none "{self._data}"'
        if not shutil.which("unshare") or subprocess.run([*mount, script], capture_output=True).returncode:
            return None
        self._scene.kill()
        # The file system goes with the last process that sees it: one that outlives every server holds it, until it hears an end.
        self._holder = subprocess.Popen([*mount, f"{script} && echo ready && exec cat"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        assert self._holder.stdout.readline() == "ready\n"
        enter = self._scene.directory / "passo-on-a-small-disk"
        enter.write_text(f"#!/bin/sh\nexec nsenter --preserve-credentials --user --mount --target {self._holder.pid} "
                         f'"{self._scene.binary}" "$@"\n')
        enter.chmod(0o755)
        self._scene.binary = str(enter)
        self._scene.start()
        return self

    def __exit__(self, *_) -> None:
        if self._holder:
            self._holder.kill()
            self._holder.wait(timeout=30)

    def fill(self) -> None:
        """To the last bytes."""
        with open(self._filler, "wb", buffering=0) as file:
            try:
                while file.write(b"\0" * (1 << 20)) == 1 << 20:
                    pass
            except OSError:
                pass

    def empty(self) -> None:
        self._filler.unlink()

    @property
    def _filler(self) -> Path:
        """A file of the data directory, as the processes see it that have the small disk."""
        return Path(f"/proc/{self._holder.pid}/root{self._data}/filler")


def _health(scene: Scene) -> str:
    try:
        with urllib.request.urlopen(f"{scene.url}/health", timeout=30) as answer:
            return json.load(answer)["status"]
    except urllib.error.HTTPError as error:
        return json.load(error)["status"]


def _sending(scene: Scene) -> dict:
    queue = scene.client("sqs").create_queue(QueueName="small-disk")["QueueUrl"]
    return {**_task("arn:aws:states:::sqs:sendMessage", {"QueueUrl": queue, "MessageBody.$": "$$.Execution.Name"}), "End": True}


def _task(resource: str, parameters: dict) -> dict:
    return {"Type": "Task", "Resource": resource, "Parameters": parameters}


def _map(read: dict, write: dict) -> dict:
    processor = {"StartAt": "Item", "States": {"Item": {"Type": "Pass", "End": True}},
                 "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}}
    reader = {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"},
              "Parameters": {**read, "Key": "items.json"}}
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {**write, "Prefix": "p"}}
    return {"Type": "Map", "ItemReader": reader, "ResultWriter": writer, "ItemProcessor": processor}


def _retry(error: str) -> dict:
    return {"ErrorEquals": [error], "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": 30}


def _alone(state: dict) -> dict:
    return {"StartAt": "A", "States": {"A": {**state, "End": True}}}


def _caught(state: dict) -> dict:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]
    return {"StartAt": "A", "States": {"A": {**state, "Catch": catch, "End": True}, "Caught": {"Type": "Succeed"}}}


def _machine(scene: Scene, definition: dict) -> str:
    scene.machines = getattr(scene, "machines", 0) + 1
    created = scene.client("stepfunctions").create_state_machine(
        name=f"machine-{scene.machines}", definition=json.dumps(definition), roleArn=ROLE)
    return created["stateMachineArn"]


def _start(scene: Scene, machine: str) -> str:
    return scene.client("stepfunctions").start_execution(stateMachineArn=machine, input="{}")["executionArn"]


def _failures(scene: Scene, execution: str) -> list[str]:
    events = scene.client("stepfunctions").get_execution_history(executionArn=execution, maxResults=1000)["events"]
    return [event["taskFailedEventDetails"]["error"] for event in events if "taskFailedEventDetails" in event]


def _refused(status: int, call, **parameters) -> None:
    try:
        answer = call(**parameters)
    except ClientError as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == status, error.response
    else:
        raise AssertionError(f"{status} expected, got {answer}")


def _packed(source: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", source)
    return packed.getvalue()
