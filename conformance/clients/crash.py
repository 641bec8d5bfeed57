#!/usr/bin/env python3
"""Kills the real binary again and again under real clients: `python3 conformance/clients/crash.py --passo BINARY`."""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time

try:
    import boto3  # noqa: F401
except ImportError:
    sys.exit("boto3 is not installed. `python3 -m pip install boto3`, into a virtual environment if you like.")

from crash.clients import Clients
from crash.load import Load
from crash.verdict import Reference, judge
from crash.workflows import MOCKS, deploy
from server import Server, quiet_port

WRONG_SHOWN_MAX = 20
# One life of so many lasts until a good part of what was under way has ended.
LONGER_LIFE_EVERY = 5
LONGER_LIFE_SECONDS_MAX = 20


class Victim:
    """A server on one data directory, inside `data`, and one port, that is killed and started again."""

    def __init__(self, binary: str, data: str, chance: random.Random):
        self._binary, self._chance = binary, chance
        self.port = quiet_port(chance)
        self._arguments = ["--data", os.path.join(data, "data"), "--port", str(self.port), "--mock", os.path.join(data, "mocks.json")]
        with open(os.path.join(data, "mocks.json"), "w") as file:
            json.dump(MOCKS, file)
        self.server = Server(binary, *self._arguments)
        self.during_start = 0
        self.slowest_start = 0.0
        self.starts_refused = 0
        self.said: list[str] = []

    def kill(self) -> None:
        """Lets it live for a while, or not even until it listens, and kills it; starts it again."""
        if self._chance.random() < 0.25:
            self._kill_while_it_starts()
        else:
            time.sleep(self._chance.uniform(0.1, 1.3))
        self.server.kill()
        self.said += self.server.said
        self.start()

    def start(self) -> None:
        begun = time.monotonic()
        for is_last in (False, False, True):
            try:
                self.server = Server(self._binary, *self._arguments)
                break
            except RuntimeError as error:
                # A function's process that was forked and has not become another program yet holds what its parent held.
                if is_last or "in use" not in str(error):
                    raise
                self.starts_refused += 1
                time.sleep(1)
        self.slowest_start = max(self.slowest_start, time.monotonic() - begun)

    def _kill_while_it_starts(self) -> None:
        self.server.kill()
        self.said += self.server.said
        begun = Server.spawn(self._binary, *self._arguments)
        try:
            time.sleep(self._chance.uniform(0.0, 0.12))
        finally:
            begun.kill()
            begun.wait(timeout=30)
        self.during_start += 1
        self.start()
        # Long enough for recovery to be under way, short enough to interrupt it.
        time.sleep(self._chance.uniform(0.0, 0.2))


def killed(kills: int, victim: Victim, load: Load) -> int:
    """Kills so often, and gives how often it was; an interrupt is enough of it."""
    number = 0
    try:
        while number < kills:
            if number % LONGER_LIFE_EVERY == LONGER_LIFE_EVERY - 1:
                _let_some_end(load)
            victim.kill()
            number += 1
            if number % 25 == 0:
                print(f"{number} kills, {len(load.started)} executions, {len(load.wrong)} wrong", flush=True)
    except KeyboardInterrupt:
        print(f"interrupted after {number} kills", flush=True)
        victim.server.kill()
        victim.start()
    return number


def _let_some_end(load: Load) -> None:
    """Waits until executions have ended, however slow the machine is: without it, lives might be too short for any."""
    wanted = len(load.ended) + min(load.open(), load.open_max // 4)
    deadline = time.monotonic() + LONGER_LIFE_SECONDS_MAX
    while len(load.ended) < wanted and time.monotonic() < deadline:
        time.sleep(0.05)


def session(arguments, data: str) -> int:
    chance = random.Random(arguments.seed)
    victim = Victim(arguments.passo, data, chance)
    clients = Clients(f"http://127.0.0.1:{victim.port}")
    load = Load(clients, arguments.seed)
    begun = time.monotonic()
    try:
        deploy(clients)
        load.begin()
        reference = Reference(load)
        load.accepting.set()
        kills = killed(arguments.kills, victim, load)
        load.no_more_starts()
        wrong, figures = judge(load, reference, seconds_max=120)
        clients.stopping.set()
        code = victim.server.stop()
    finally:
        clients.stopping.set()
        victim.server.kill()
    said = [*victim.said, *victim.server.said]
    wrong += [f"the server says: {line.strip()}" for line in said if "panic" in line or "quarantine" in line]
    if code != 0:
        wrong.append(f"the server ended with {code}")
    figures |= {"kills": kills + victim.during_start, "of them during start": victim.during_start,
                "express": load.express, "results acknowledged": len(load.finished), "calls repeated": clients.retries,
                "starts refused": victim.starts_refused, "slowest start (s)": round(victim.slowest_start, 2), "seconds": round(time.monotonic() - begun)}
    print(", ".join(f"{name}: {figure}" for name, figure in figures.items()))
    for line in wrong[:WRONG_SHOWN_MAX]:
        print(line, file=sys.stderr)
    print(f"seed {arguments.seed}: {len(wrong)} wrong")
    return 1 if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passo", required=True, help="the binary")
    parser.add_argument("--kills", type=int, default=4, help="how often it is killed")
    parser.add_argument("--seed", type=int, default=1, help="when it is killed, and what is started; not what the threads do")
    parser.add_argument("--keep", action="store_true", help="leave the data directory of a run that failed")
    arguments = parser.parse_args()
    data = tempfile.mkdtemp(prefix="passo-crash-")
    code = 1
    try:
        code = session(arguments, data)
        return code
    finally:
        if code and arguments.keep:
            print(f"the data is in {data}")
        else:
            shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
