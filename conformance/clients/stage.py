"""What a check works with: clients of one account and region, and the few things that every check says."""

import itertools
import json
import os
import threading
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from coverage import Coverage

ACCOUNT = "123456789012"
REGION = "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/workflow"

# A retried fault would be told twice, and a long poll lasts a minute.
CONFIG = Config(retries={"total_max_attempts": 1}, read_timeout=70, max_pool_connections=50)


class Stage:
    """Clients that the coverage listens to. One per account and region; see `elsewhere`."""

    def __init__(self, url: str, binary: str, account: str = ACCOUNT, region: str = REGION,
                 coverage: Coverage | None = None):
        self.url, self.binary, self.account, self.region = url, binary, account, region
        self.session = boto3.Session(
            aws_access_key_id=account, aws_secret_access_key="secret", region_name=region
        )
        self._clients: dict[str, object] = {}
        self._lock = threading.Lock()
        self._names = itertools.count(1)
        self.coverage = coverage or Coverage(self.client("stepfunctions").meta.service_model)
        self.coverage.listen(self.sfn)

    def client(self, service: str, config: Config = CONFIG):
        """A new client on the first use, then the same one. Its address comes from `AWS_ENDPOINT_URL`."""
        with self._lock:
            if service not in self._clients:
                elsewhere = None if self.url == os.environ["AWS_ENDPOINT_URL"] else self.url
                self._clients[service] = self.session.client(service, config=config, endpoint_url=elsewhere)
            return self._clients[service]

    def new_client(self, **options):
        """Another Step Functions client, with a configuration of its own."""
        client = self.session.client("stepfunctions", config=CONFIG.merge(Config(**options)))
        self.coverage.listen(client)
        return client

    @property
    def sfn(self):
        return self.client("stepfunctions")

    def elsewhere(self, account: str = ACCOUNT, region: str = REGION) -> "Stage":
        return Stage(self.url, self.binary, account, region, self.coverage)

    def on(self, url: str) -> "Stage":
        """The same caller before another server."""
        return Stage(url, self.binary, self.account, self.region, self.coverage)

    def name(self, what: str) -> str:
        """A name that nothing has yet."""
        with self._lock:
            return f"{what}-{next(self._names)}-{threading.get_ident() % 9973}"

    def machine(self, definition: dict, what: str = "machine", **options) -> str:
        """The ARN of a new state machine."""
        created = self.sfn.create_state_machine(
            name=self.name(what), definition=json.dumps(definition), roleArn=ROLE, **options
        )
        return created["stateMachineArn"]

    def run(self, machine: str, value=None) -> dict:
        """Starts an execution and waits for its end."""
        arn = self.sfn.start_execution(stateMachineArn=machine, input=json.dumps(value or {}))["executionArn"]
        return self.ended(arn)

    def ended(self, execution: str, seconds_max: float = 30) -> dict:
        describe = lambda: self.sfn.describe_execution(executionArn=execution)
        return until(describe, lambda answer: answer["status"] not in ("RUNNING", "PENDING_REDRIVE"), seconds_max)

    def arn(self, kind: str) -> str:
        """An ARN of this account and region, whatever it names."""
        return f"arn:aws:states:{self.region}:{self.account}:{kind}"


def refused(code: str, call, says: str = "", **parameters) -> dict:
    """Makes a call that must be refused with `code` and a message that holds `says`."""
    try:
        answer = call(**parameters)
    except ClientError as error:
        found = error.response["Error"]
        assert found["Code"] == code, f"{code} expected, got {found}"
        message = found.get("Message", "")
        assert says in message, f"`{says}` expected in `{message}`"
        return error.response
    raise AssertionError(f"{code} expected, got {answer}")


def until(ask, is_enough, seconds_max: float = 30):
    """Asks until the answer is enough."""
    deadline = time.monotonic() + seconds_max
    while True:
        answer = ask()
        if is_enough(answer):
            return answer
        assert time.monotonic() < deadline, f"still not enough after {seconds_max} s: {answer}"
        time.sleep(0.02)


def one_state(state: dict, **top) -> dict:
    """A definition with one state that ends it."""
    return {"StartAt": "A", "States": {"A": {**state, "End": True}}, **top}


PASS = one_state({"Type": "Pass"})
WAIT = one_state({"Type": "Wait", "Seconds": 3600})
FAIL = {"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "Broken", "Cause": "on purpose"}}}
