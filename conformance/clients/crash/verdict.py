"""What must hold once the server has been killed for the last time."""

import json
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from crash import history
from crash.load import Load
from crash.workflows import arn, definitions

NONCE = re.compile(r"nonce-\d+")
# A Wait state may be shorter than what it says by the rounding of times to milliseconds.
ROUNDING_SECONDS = 0.002
# What is started by which task.
NESTED = {"crash-child": "crash-nested", "crash-named-child": "crash-named", "crash-approval": "crash-token"}
# What is shown of a difference.
TEXT_MAX = 800


class Reference:
    """The histories of runs that nothing interrupted."""

    def __init__(self, load: Load):
        self.forms: dict[str, Counter] = {}
        self.child_forms: dict[str, Counter] = {}
        self.nested_forms: dict[str, Counter] = {}
        executions = {machine: load.run_one(machine) for machine in definitions()}
        for machine, execution in executions.items():
            wait_for_end(load, execution, 120)
            events = events_of(load, execution)
            wrong = history.mistakes(events)
            if wrong or events[-1]["type"] != "ExecutionSucceeded":
                raise RuntimeError(f"{machine} does not run: {wrong} {events[-1]}")
            self.forms[machine] = history.normal(events)
            if children := children_of(load, execution):
                self.child_forms[machine] = family(load, children)
        for child in NESTED:
            (execution,) = executions_of(load, child)
            self.nested_forms[child] = history.normal(events_of(load, execution))


def judge(load: Load, reference: Reference, seconds_max: float) -> tuple[list[str], dict]:
    """Everything that does not hold, and figures."""
    wrong, figures = [], Counter()
    deadline = time.monotonic() + seconds_max
    nonces: set[str] = set()

    def one(item) -> list[str]:
        name, promised = item
        return _judge_one(load, reference, name, promised, deadline, figures, nonces)

    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(one, list(load.started.items())):
            wrong += found
    wrong += _judge_nested(load, reference, deadline, nonces)
    wrong += _judge_by_hand(load, deadline)
    figures |= Counter({"stopped": len(load.stopped), "redriven": len(load.redriven)})
    for nonce in load.finished.keys() - nonces:
        wrong.append(f"no history has the acknowledged result {nonce} of {load.finished[nonce][:TEXT_MAX]}")
    return wrong + load.wrong, dict(figures)


def _judge_one(load, reference, name, promised, deadline, figures, nonces) -> list[str]:
    machine = promised["again"]["stateMachineArn"].rpartition(":")[2].partition("#")[0]
    try:
        shown = wait_for_end(load, promised["arn"], max(1.0, deadline - time.monotonic()))
    except (TimeoutError, load.clients.sfn.exceptions.ExecutionDoesNotExist) as error:
        return [f"{name}: {error!r}; {_tail(load, promised['arn'])}"]
    events = events_of(load, promised["arn"])
    wrong = [f"{name}: {mistake}" for mistake in history.mistakes(events)]
    if promised["at"] and shown["startDate"] != promised["at"]:
        wrong.append(f"{name}: started at {shown['startDate']}, {promised['at']} was promised")
    if any(length < 1 - ROUNDING_SECONDS for length in history.waits(events)):
        wrong.append(f"{name}: waits of {history.waits(events)} s")
    types = [f"{event['id']}<{event.get('previousEventId')} {event['type']}" for event in events]
    wrong += _differences(name, reference.forms[machine], history.normal(events), types)
    figures["executions"] += 1
    figures["events"] += len(events)
    figures["attempts repeated"] += sum(event["type"] == history.LOST for event in events)
    nonces |= set(NONCE.findall(json.dumps(events, default=str)))
    if machine in reference.child_forms:
        wrong += _judge_map_run(load, reference.child_forms[machine], name, promised["arn"], figures)
    return wrong


def _judge_map_run(load, form, name, execution, figures) -> list[str]:
    children = children_of(load, execution)
    wrong = [] if len(children) == 4 else [f"{name}: {len(children)} children of 4 items"]
    figures["children"] += len(children)
    return wrong + _differences(f"{name}, its children", form, family(load, children), children)


def _judge_nested(load: Load, reference: Reference, deadline: float, nonces: set[str]) -> list[str]:
    """A nested execution is started once, however often the server was killed meanwhile."""
    wrong = []
    for child, parent in NESTED.items():
        executions = executions_of(load, child)
        wanted = sum(name.startswith(f"{parent}-run-") for name in load.started)
        if len(executions) != wanted:
            wrong.append(f"{len(executions)} executions of {child} by {wanted} of {parent}")
        for execution in executions:
            wait_for_end(load, execution, max(1.0, deadline - time.monotonic()))
            events = events_of(load, execution)
            nonces |= set(NONCE.findall(json.dumps(events, default=str)))
            wrong += [f"{execution}: {mistake}" for mistake in history.mistakes(events)]
            wrong += _differences(execution, reference.nested_forms[child], history.normal(events), [])
    return wrong


def _judge_by_hand(load: Load, deadline: float) -> list[str]:
    """Who was told that an execution is stopped, or goes on, can rely on it."""
    wrong = []
    for execution, cause in load.stopped.items():
        shown, _ = load.clients.ask(load.clients.sfn.describe_execution, executionArn=execution)
        if (shown["status"], shown.get("cause")) != ("ABORTED", cause):
            wrong.append(f"{execution} was stopped, and is {shown['status']} because of {shown.get('cause')}")
        wrong += [f"{execution}: {mistake}" for mistake in history.mistakes(events_of(load, execution))]
    for execution, attempts in load.redriven.items():
        shown = wait_for_end(load, execution, max(1.0, deadline - time.monotonic()))
        redrives = sum(event["type"] == "ExecutionRedriven" for event in events_of(load, execution))
        if shown["redriveCount"] != redrives or not 1 <= redrives <= attempts:
            wrong.append(f"{execution}: {redrives} redrives, {shown['redriveCount']} shown, {attempts} asked for")
    return wrong


def _differences(name: str, form: Counter, got: Counter, shown: list[str]) -> list[str]:
    if got == form:
        return []
    missing, more = (list(counts.elements()) for counts in (form - got, got - form))
    return [f"{name}: the history differs\n  missing: {str(missing)[:TEXT_MAX]}\n  more: {str(more)[:TEXT_MAX]}\n  {shown}"]


def wait_for_end(load: Load, execution: str, seconds_max: float) -> dict:
    """The description of an execution that has ended."""
    deadline = time.monotonic() + seconds_max
    while True:
        shown, _ = load.clients.ask(load.clients.sfn.describe_execution, executionArn=execution)
        if shown["status"] not in ("RUNNING", "PENDING_REDRIVE"):
            return shown
        if time.monotonic() > deadline:
            raise TimeoutError("it does not end")
        time.sleep(0.05)


def events_of(load: Load, execution: str) -> list[dict]:
    answer, _ = load.clients.ask(load.clients.sfn.get_execution_history, executionArn=execution, maxResults=1000)
    return answer["events"]


def children_of(load: Load, execution: str) -> list[str]:
    """The child executions of the Map runs of an execution; Express ones have no history to ask for."""
    sfn = load.clients.sfn
    runs, _ = load.clients.ask(sfn.list_map_runs, executionArn=execution)
    children = []
    for run in runs["mapRuns"]:
        listed, _ = load.clients.ask(sfn.list_executions, mapRunArn=run["mapRunArn"])
        children += [child["executionArn"] for child in listed["executions"] if ":express:" not in child["executionArn"]]
    return children


def family(load: Load, children: list[str]) -> Counter:
    """What all children of a Map run did: which of them an item went to is open."""
    return sum((history.normal(events_of(load, child)) for child in children), Counter())


def executions_of(load: Load, machine: str) -> list[str]:
    pages = load.clients.sfn.get_paginator("list_executions").paginate(stateMachineArn=arn(f"stateMachine:{machine}"))
    return [execution["executionArn"] for page in pages for execution in page["executions"]]


def _tail(load: Load, execution: str) -> str:
    try:
        return str([event["type"] for event in events_of(load, execution)][-6:])
    except Exception as error:
        return repr(error)
