"""What goes on while the server is killed: executions are started, workers work, approvers approve."""

import contextlib
import json
import random
import threading
import time

from botocore.exceptions import ClientError

from crash.clients import Clients, Unanswered
from crash.workflows import ACTIVITY, TEST_CASES, arn, definitions

# Executions under way at once; more would only make the end longer.
OPEN_MAX = 60
WORKERS = 4


class Load:
    """Threads that use the server until they are told to stop, and what they were promised."""

    def __init__(self, clients: Clients, seed: int):
        self.clients = clients
        self._lock = threading.Lock()
        self._chance = random.Random(seed)
        self._names = sorted(definitions())
        self._count = 0
        self._nonces = 0
        # Name of the execution to what was answered: its ARN and, where this was the first answer, its start.
        self.started: dict[str, dict] = {}
        # The nonces that were acknowledged, of tasks and of tokens, with what the task was given.
        self.finished: dict[str, str] = {}
        self.wrong: list[str] = []
        self.open_max = OPEN_MAX
        self.ended: set[str] = set()
        self.express = 0
        # ARNs of executions that were stopped, with the cause; of those that were redriven, with the attempts at it.
        self.stopped: dict[str, str] = {}
        self.redriven: dict[str, int] = {}
        starting = [self._start, self._sync, self._stop, self._redrive]
        # Held while one of these is at it.
        self._turns = {work.__name__: threading.Lock() for work in starting}
        self._threads = [threading.Thread(target=self._loop, args=(work,), daemon=True)
                         for work in [*starting, self._watch, *[self._work] * WORKERS]]
        self.accepting = threading.Event()

    def begin(self) -> None:
        """Workers work; executions are started once `accepting` is set."""
        for thread in self._threads:
            thread.start()

    def no_more_starts(self) -> None:
        """Returns once the last start is answered. Workers go on: what was started must end."""
        self.accepting.clear()
        for turn in self._turns.values():
            with turn:
                pass

    def run_one(self, machine: str) -> str:
        """Starts one execution; its ARN. Made again under the same name until it is answered."""
        number, name = self._next_name(machine)
        started = arn(f"stateMachine:{machine}") + TEST_CASES.get(machine, "")
        parameters = {"stateMachineArn": started, "name": name, "input": json.dumps({"n": number})}
        execution = arn(f"execution:{machine}:{name}")
        try:
            answer, _ = self.clients.ask(self.clients.sfn.start_execution, **parameters)
            self.started[name] = {"arn": answer["executionArn"], "at": answer["startDate"], "again": parameters}
            if answer["executionArn"] != execution:
                self.wrong.append(f"{name} was started as {answer['executionArn']}")
        except ClientError as error:
            # An earlier attempt was taken, not answered, and the execution has ended since.
            is_explained = error.response["Error"]["Code"] == "ExecutionAlreadyExists" and not error.is_first
            if not is_explained:
                raise
            self.started[name] = {"arn": execution, "at": None, "again": parameters}
        return execution

    def _next_name(self, machine: str) -> tuple[int, str]:
        with self._lock:
            self._count += 1
            return self._count, f"{machine}-run-{self._count}"

    def open(self) -> int:
        return len(self.started) - len(self.ended)

    def _loop(self, work) -> None:
        while not self.clients.stopping.is_set():
            try:
                with self._turns.get(work.__name__, contextlib.nullcontext()):
                    work()
            except Unanswered:
                return
            except Exception as error:
                self.wrong.append(f"{work.__name__}: {error!r}")
                time.sleep(0.2)

    def _start(self) -> None:
        if not self.accepting.is_set() or self.open() >= self.open_max:
            time.sleep(0.02)
            return
        self.run_one(self._chance.choice(self._names))

    def _watch(self) -> None:
        """Looks after what was promised, while the server comes and goes: it is there, and starting it again is the same."""
        names = [name for name in list(self.started) if name not in self.ended]
        if not names:
            time.sleep(0.05)
            return
        promised = self.started[random.choice(names)]
        name = promised["again"]["name"]
        shown, _ = self.clients.ask(self.clients.sfn.describe_execution, executionArn=promised["arn"])
        if shown["status"] != "RUNNING":
            self.ended.add(name)
            return
        if random.random() > 0.2 or promised["at"] is None:
            return
        try:
            again, _ = self.clients.ask(self.clients.sfn.start_execution, **promised["again"])
            if again["startDate"] != promised["at"]:
                self.wrong.append(f"{name} was started a second time")
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise

    def _sync(self) -> None:
        if not self.accepting.is_set():
            time.sleep(0.05)
            return
        machine = arn("stateMachine:crash-express")
        answer, _ = self.clients.ask(self.clients.sfn.start_sync_execution, stateMachineArn=machine, input="{}")
        if answer["status"] != "SUCCEEDED":
            self.wrong.append(f"express: {answer['status']} {answer.get('error')} {answer.get('cause')}")
        self.express += 1
        time.sleep(0.1)

    def _start_by_hand(self, machine: str) -> str:
        """Starts an execution that does not end by itself, or fails."""
        name = self._next_name(machine)[1]
        try:
            self.clients.ask(self.clients.sfn.start_execution, stateMachineArn=arn(f"stateMachine:{machine}"), name=name)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists" or error.is_first:
                raise
        return arn(f"execution:{machine}:{name}")

    def _stop(self) -> None:
        time.sleep(0.5)
        if not self.accepting.is_set():
            return
        execution = self._start_by_hand("crash-stopped")
        time.sleep(random.uniform(0, 1))
        cause = f"stopped as {execution}"
        self.clients.ask(self.clients.sfn.stop_execution, executionArn=execution, error="Enough", cause=cause)
        self.stopped[execution] = cause

    def _redrive(self) -> None:
        time.sleep(0.5)
        if not self.accepting.is_set():
            return
        sfn, execution = self.clients.sfn, self._start_by_hand("crash-redriven")
        while self.clients.ask(sfn.describe_execution, executionArn=execution)[0]["status"] == "RUNNING":
            time.sleep(0.2)
        attempts = 0

        def redrive(**parameters):
            nonlocal attempts
            attempts += 1
            return sfn.redrive_execution(**parameters)

        try:
            self.clients.ask(redrive, executionArn=execution)
        except ClientError as error:
            # An earlier attempt was taken, and not answered.
            if error.response["Error"]["Code"] != "ExecutionNotRedrivable" or error.is_first:
                raise
        self.redriven[execution] = attempts

    def _work(self) -> None:
        sfn = self.clients.sfn
        answer, _ = self.clients.ask(sfn.get_activity_task, activityArn=arn(f"activity:{ACTIVITY}"))
        if "taskToken" not in answer:
            return
        given = json.loads(answer["input"])
        # Some work long enough to need a heartbeat.
        for _ in range(random.choice([0, 0, 2])):
            time.sleep(0.8)
            if not self._told(sfn.send_task_heartbeat, taskToken=answer["taskToken"]):
                return
        if "token" in given:
            self._finish(given["token"], "a token")
        self._finish(answer["taskToken"], answer["input"])

    def _finish(self, token: str, what: str) -> None:
        with self._lock:
            self._nonces += 1
            nonce = f"nonce-{self._nonces}"
        if self._told(self.clients.sfn.send_task_success, taskToken=token, output=json.dumps({"by": nonce})):
            self.finished[nonce] = what

    def _told(self, call, **parameters) -> bool:
        """Whether the task took what it was told; a task may be over, because it was told before or lost touch."""
        try:
            self.clients.ask(call, **parameters)
            return True
        except ClientError as error:
            if error.response["Error"]["Code"] != "TaskTimedOut":
                raise
            return False
