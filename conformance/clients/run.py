#!/usr/bin/env python3
"""Runs every check against a server of its own: `python3 conformance/clients/run.py --passo target/debug/passo`."""

import argparse
import importlib
import inspect
import os
import resource
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

try:
    import boto3  # noqa: F401
except ImportError:
    sys.exit("boto3 is not installed. `python3 -m pip install boto3 awscli`, into a virtual environment if you like.")

from server import Server
from stage import Stage

CHECKS = Path(__file__).with_name("checks")


def found(only: str | None) -> list[tuple[str, object]]:
    """The checks: functions of the modules in `checks` whose first parameter is the stage."""
    checks = []
    for path in sorted(CHECKS.glob("*.py")):
        module = importlib.import_module(f"checks.{path.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_check = function.__module__ == module.__name__ and not name.startswith("_")
            title = f"{path.stem}.{name}"
            if is_check and (only is None or only in title):
                checks.append((title, function))
    return checks


def environment(url: str, scratch: str) -> None:
    """What a user exports, and no configuration of this machine's user."""
    os.environ.update({
        "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_CONFIG_FILE": os.path.join(scratch, "config"),
        "AWS_SHARED_CREDENTIALS_FILE": os.path.join(scratch, "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_PAGER": "",
        # `sync-localhost` has no address; the documented switch of every SDK.
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "NO_PROXY": "localhost,127.0.0.1",
    })


def many_files() -> None:
    """A thousand workers are a thousand connections, here and in the server."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 8192 if most == resource.RLIM_INFINITY else min(8192, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def attempt(stage: Stage, title: str, check) -> str | None:
    """Runs one check; the text of what went wrong, if something did."""
    start = time.monotonic()
    try:
        check(stage)
    except Exception:
        print(f"FAIL {title}  {time.monotonic() - start:.1f} s", flush=True)
        return f"--- {title}\n{traceback.format_exc()}"
    print(f"ok   {title}  {time.monotonic() - start:.1f} s", flush=True)
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passo", required=True, help="the binary")
    parser.add_argument("--only", help="run the checks whose name contains this, and do not ask for coverage")
    parser.add_argument("--threads", type=int, default=6, help="checks that run at once")
    arguments = parser.parse_args()
    begun = time.monotonic()
    many_files()
    with tempfile.TemporaryDirectory() as scratch:
        server = Server(arguments.passo, "--ephemeral", "--port", "0")
        try:
            environment(server.url, scratch)
            stage = Stage(server.url, arguments.passo)
            with ThreadPoolExecutor(arguments.threads) as pool:
                results = list(pool.map(lambda check: attempt(stage, *check), found(arguments.only)))
        finally:
            code = server.stop()
    wrong = [text for text in results if text]
    if code != 0:
        wrong.append(f"passo ended with {code}: {''.join(server.said)}")
    if arguments.only is None:
        wrong += stage.coverage.report()
        print(stage.coverage.figures())
    print("\n".join(wrong), file=sys.stderr)
    print(f"{len(results) - sum(map(bool, results))} of {len(results)} checks passed in {time.monotonic() - begun:.1f} s")
    return 1 if wrong or not results else 0


if __name__ == "__main__":
    sys.exit(main())
