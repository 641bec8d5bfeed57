#!/usr/bin/env python3
"""Runs the examples as a user would: `python3 examples/tests/run.py --passo target/debug/passo [NAME…]`."""

import argparse
import importlib
import inspect
import os
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

try:
    import aiosmtpd  # noqa: F401
    import boto3  # noqa: F401
except ImportError:
    sys.exit("boto3 and aiosmtpd are needed. `python3 -m pip install boto3 aiosmtpd`, into a virtual environment if you like.")

HERE = Path(__file__).parent
# The binary as a child process is the same thing for the checks of real clients.
sys.path.insert(1, str(HERE.parent.parent / "conformance" / "clients"))

from scene import Scene  # noqa: E402

# Functions run by the interpreter that runs this: it has boto3, as AWS's have. They ask for one of these names.
INTERPRETERS = ("python3", "python3.12")


def found(names: list[str]) -> list[tuple[str, str, object]]:
    """The checks: functions of the modules in `checks` that take a scene. A name is an example, or `example.check`."""
    checks = []
    for path in sorted((HERE / "checks").glob("[a-z]*.py")):
        module = importlib.import_module(f"checks.{path.stem}")
        example = path.stem.replace("_", "-")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != module.__name__ or name.startswith("_"):
                continue
            if not names or example in names or f"{example}.{name}" in names:
                checks.append((example, name, function))
    return checks


def environment(scratch: str) -> None:
    """What a user exports, and no configuration of this machine's user."""
    programs = Path(scratch, "bin")
    programs.mkdir()
    for name in INTERPRETERS:
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        program.chmod(0o755)
    for name in [name for name in os.environ if name.startswith(("AWS_", "PASSO_"))]:
        del os.environ[name]
    os.environ.update({
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_CONFIG_FILE": os.path.join(scratch, "config"),
        "AWS_SHARED_CREDENTIALS_FILE": os.path.join(scratch, "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "localhost,127.0.0.1",
    })


def attempt(binary: str, scratch: str, example: str, name: str, check) -> str | None:
    """One check on a server of its own; the text of what went wrong, if something did."""
    title, begun = f"{example}.{name}", time.monotonic()
    scene = None
    try:
        scene = Scene(binary, example, tempfile.mkdtemp(dir=scratch))
        check(scene)
        scene.end()
    except Exception:
        said = "".join(scene.said) if scene else ""
        print(f"FAIL {title}  {time.monotonic() - begun:.1f} s", flush=True)
        return f"--- {title}\n{traceback.format_exc()}{said}"
    finally:
        if scene:
            scene.close()
    print(f"ok   {title}  {time.monotonic() - begun:.1f} s", flush=True)
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passo", required=True, help="the binary")
    parser.add_argument("--threads", type=int, default=3, help="checks that run at once, each with its own server")
    parser.add_argument("names", nargs="*", metavar="NAME", help="an example, or example.check; all of them without one")
    arguments = parser.parse_args()
    begun, binary = time.monotonic(), os.path.abspath(arguments.passo)
    checks = found(arguments.names)
    with tempfile.TemporaryDirectory(prefix="passo-examples-") as scratch:
        environment(scratch)
        with ThreadPoolExecutor(arguments.threads) as pool:
            results = list(pool.map(lambda check: attempt(binary, scratch, *check), checks))
    wrong = [text for text in results if text]
    print("\n".join(wrong), file=sys.stderr)
    print(f"{len(results) - len(wrong)} of {len(results)} checks of examples passed in {time.monotonic() - begun:.1f} s")
    return 1 if wrong or not results else 0


if __name__ == "__main__":
    sys.exit(main())
