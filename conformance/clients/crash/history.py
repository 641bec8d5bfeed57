"""Histories in a form in which two runs of one workflow are equal: what happened, and after what."""

import json
import re
from collections import Counter

# Joins come after whichever branch or iteration was the last.
JOINS = {"ParallelStateSucceeded", "MapStateSucceeded", "ParallelStateExited", "MapStateExited"}
# An attempt that timed out because its worker lost touch: the server was away.
LOST = "ActivityTimedOut"
CALLBACK = ".waitForTaskToken"

VARYING = [
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "UUID"),
    (re.compile(r"crash-[a-z-]+-run-\d+"), "NAME"),
    (re.compile(r"nonce-\d+"), "NONCE"),
    (re.compile(r'\\*"n\\*": ?\d+'), '"n":0'),
    (re.compile(r'(\\*"token\\*": ?\\*")[^"\\]+'), r"\1TOKEN"),
    (re.compile(r"Root=1-[0-9a-f]+-[0-9a-f]+;Parent=[0-9a-f]+"), "TRACE"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z"), "TIME"),
    (re.compile(r"(\w{3}), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"), "TIME"),
    (re.compile(r"\b1\.\d{1,12}E(9|12)\b|\b1[5-9]\d{11}\b"), "TIME"),
    (re.compile(r'(Content-Length\\*": ?\[?\\*")\d+'), r"\1LENGTH"),
    (re.compile(r"(Duration\w*\\*\": ?)\d+"), r"\1MILLIS"),
]


def mistakes(events: list[dict]) -> list[str]:
    """What no history may have: gaps, times that go back, waits that were cut short."""
    wrong = []
    for at, event in enumerate(events, start=1):
        if event["id"] != at or event.get("previousEventId", 0) >= at:
            wrong.append(f"event {at} has the ids {event['id']}, {event.get('previousEventId')}")
    times = [event["timestamp"] for event in events]
    if times != sorted(times):
        wrong.append("times go back")
    ends = [event for event in events if event["type"] in ENDS]
    if len(ends) != 1 or ends[0] is not events[-1]:
        wrong.append(f"ends: {[event['type'] for event in ends]}")
    return wrong


ENDS = {"ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"}


def waits(events: list[dict]) -> list[float]:
    """How long each Wait state lasted, in seconds."""
    entered = {event["stateEnteredEventDetails"]["name"]: event for event in events if event["type"] == "WaitStateEntered"}
    exited = [event for event in events if event["type"] == "WaitStateExited"]
    by_id = {event["id"]: event for event in events}
    lengths = []
    for event in exited:
        begin = by_id.get(event["previousEventId"], {})
        if begin.get("type") != "WaitStateEntered":
            begin = entered[event["stateExitedEventDetails"]["name"]]
        lengths.append((event["timestamp"] - begin["timestamp"]).total_seconds())
    return lengths


def normal(events: list[dict]) -> Counter:
    """The events of a run with what they came after, without times, names, tokens, and attempts that were lost."""
    by_id = {event["id"]: event for event in events}
    dropped = set()
    for event in events:
        if event["type"] == LOST:
            dropped |= _attempt(event, by_id)
        # Whoever has the token may use it before the task has said that it handed it on.
        if event["type"] == "TaskSubmitted" and event["taskSubmittedEventDetails"]["resource"].endswith(CALLBACK):
            dropped.add(event["id"])
    form = Counter()
    for event in events:
        if event["id"] in dropped:
            continue
        before = _before(event, by_id, dropped)
        after = "" if event["type"] in JOINS or before is None else _label(before)
        form[f"{_label(event)} after {after}"] += 1
    return form


def _attempt(event: dict, by_id: dict) -> set[int]:
    """The ids of the attempt that `event` ended."""
    ids = {event["id"]}
    while event["type"] != "ActivityScheduled":
        event = by_id[event["previousEventId"]]
        ids.add(event["id"])
    return ids


def _before(event: dict, by_id: dict, dropped: set[int]) -> dict | None:
    before = by_id.get(event.get("previousEventId", 0))
    while before is not None and before["id"] in dropped:
        before = by_id.get(before.get("previousEventId", 0))
    return before


def _label(event: dict) -> str:
    details = {name: value for name, value in event.items() if name.endswith("Details")}
    text = json.dumps(details, sort_keys=True, default=str)
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    return f"{event['type']} {text}"
