"""The real binary as a child process: it takes a free port and says on standard error where it listens."""

import os
import random
import re
import socket
import subprocess
import threading
from collections import deque

LISTENS = re.compile(r"passo listens on http://[^:]+:(\d+)")


class Server:
    """A running `passo serve`."""

    def __init__(self, binary: str, *arguments: str, seconds_max: float = 120.0):
        self.process = self.spawn(binary, *arguments)
        self.said: deque[str] = deque(maxlen=50)
        self._port: str | None = None
        self._known = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            self._known.wait(seconds_max)
        except BaseException:
            # Whoever is interrupted here never gets to hold the process.
            self.kill()
            raise
        if self._port is None:
            used = self._processor_seconds()
            self.kill()
            raise RuntimeError(f"passo did not start ({used} s of processor time): {''.join(self.said)}")

    @staticmethod
    def spawn(binary: str, *arguments: str) -> subprocess.Popen:
        """The process alone; nobody waits until it listens."""
        return subprocess.Popen(
            [binary, "serve", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def port(self) -> int:
        return int(self._port)

    @property
    def url(self) -> str:
        return f"http://localhost:{self._port}"

    def stop(self) -> int:
        """Asks it to end, and gives its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        """What a power cut does."""
        self.process.kill()
        self.process.wait(timeout=30)

    def _processor_seconds(self) -> float | None:
        """Tells a machine that has too much to do from a server that waits for ever."""
        try:
            with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
                fields = stat.read().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            return None

    def _listen(self) -> None:
        for line in self.process.stderr:
            self.said.append(line)
            if match := LISTENS.search(line):
                self._port = match.group(1)
                self._known.set()
        self._known.set()


def quiet_port(chance: random.Random | None = None) -> int:
    """A port that nobody listens on, below those that the system gives to outgoing connections: while the server is
    down, one of those might take its port."""
    chance = chance or random.Random()
    while True:
        port = chance.randrange(20_000, 32_000)
        with socket.socket() as taken:
            if taken.connect_ex(("127.0.0.1", port)):
                return port
