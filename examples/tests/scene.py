"""One example on one server: a fresh data directory, a port that stays over restarts, a mail server, clients."""

import json
import re
import subprocess
import time
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config
from server import Server, quiet_port

from inbox import Inbox

EXAMPLES = Path(__file__).parent.parent
OUTPUT = re.compile(r"^(\w+) = (.*)$", re.MULTILINE)
# A connection that the killed server had open is a second attempt; there are no pauses to speak of.
CONFIG = Config(retries={"total_max_attempts": 3, "mode": "standard"}, read_timeout=70, max_pool_connections=50)
ENDED = {"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"}


class Scene:
    """A running server. Who wants the example on it calls `deploy`."""

    def __init__(self, binary: str, example: str, directory: str):
        self.binary, self.example, self.directory = binary, EXAMPLES / example, Path(directory)
        self.port = quiet_port()
        self.inbox = Inbox()
        self.said: list[str] = []
        # More of the server's command line, from its next start on.
        self.options: list[str] = []
        self._clients: dict[str, object] = {}
        self._server: Server | None = None
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Starts the server on the data that are there."""
        data = str(self.directory / "data")
        self._server = Server(self.binary, "--data", data, "--port", str(self.port), "--smtp", self.inbox.url,
                              *self.options)

    def kill(self) -> None:
        """`kill -9`: nothing is finished, nothing is written."""
        self._server.kill()
        self.said += self._server.said

    def restart(self) -> None:
        """`kill -9`, and another process on the same data and port."""
        self.kill()
        self.start()

    def end(self) -> None:
        """Asks the server to end. It must do so in good order, and have met nothing that it did not expect."""
        code = self._server.stop()
        self.said += self._server.said
        assert code == 0, f"the server ended with {code}"
        wrong = [line for line in self.said if "panic" in line or "quarantine" in line]
        assert not wrong, wrong

    def close(self) -> None:
        if self._server:
            self._server.kill()
        self.inbox.close()

    def deploy(self, **parameters: str) -> dict[str, str]:
        """`passo deploy`; gives the stack's outputs."""
        given = [word for name, value in parameters.items() for word in ("-p", f"{name}={value}")]
        done = self.passo("deploy", str(self.example), *given)
        assert "note:" not in done.stderr, done.stderr
        return dict(OUTPUT.findall(done.stderr))

    def passo(self, command: str, *arguments: str, code: int = 0) -> subprocess.CompletedProcess:
        """A command against this server, as a user types it; it must end with `code`."""
        words = [self.binary, command, *arguments, "--endpoint", self.url]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, cwd=self.directory)
        assert done.returncode == code, f"{words} ended with {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def client(self, service: str):
        """boto3's client of a service; one for each."""
        if service not in self._clients:
            self._clients[service] = boto3.client(service, endpoint_url=self.url, config=CONFIG)
        return self._clients[service]

    def get(self, path: str) -> dict:
        """What the administration answers, such as `/_passo/v1/outbox`."""
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return json.load(answer)

    def executions(self, machine: str) -> list[dict]:
        pages = self.client("stepfunctions").get_paginator("list_executions").paginate(stateMachineArn=machine)
        return [execution for page in pages for execution in page["executions"]]

    def run(self, machine: str, value: object) -> dict:
        """Starts an execution and waits for its end."""
        started = self.client("stepfunctions").start_execution(stateMachineArn=machine, input=json.dumps(value))
        return self.ended(started["executionArn"])

    def ended(self, execution: str, seconds_max: float = 60) -> dict:
        """An execution's description, once it has ended."""
        describe = lambda: self.client("stepfunctions").describe_execution(executionArn=execution)
        return until(describe, lambda it: it["status"] in ENDED, seconds_max)

    def messages(self, queue: str, count: int, seconds_max: float = 60) -> list[dict]:
        """Takes messages out of a queue, until there were `count` and then no more."""
        sqs, taken = self.client("sqs"), []
        deadline = time.monotonic() + seconds_max
        while True:
            wait = 1 if len(taken) < count else 0
            got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=wait,
                                      MessageAttributeNames=["All"]).get("Messages", [])
            for message in got:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            taken += got
            if len(taken) >= count and not got:
                return taken
            assert time.monotonic() < deadline, f"{count} messages expected, got {taken}"


def until(ask, is_enough=bool, seconds_max: float = 60):
    """Asks until the answer is enough."""
    deadline = time.monotonic() + seconds_max
    while True:
        answer = ask()
        if is_enough(answer):
            return answer
        assert time.monotonic() < deadline, f"still not enough after {seconds_max} s: {answer}"
        time.sleep(0.05)
