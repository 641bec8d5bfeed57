"""Handlers that do harm: AWS's error names and texts, seen by Catch and Retry of a state machine, while others go on."""

import io
import json
import re
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

from stage import ROLE, Stage, until

TIMEOUT = 3
ID = "RequestId: [0-9a-f-]{36} Error: "
EXIT = "Runtime.ExitError"

# What each module says; its handler is `index.handler`, unless it says otherwise.
PYTHON = {
    "raises": ("class Refused(Exception): pass\ndef handler(e, c): raise Refused('no: é')", "Refused", "no: é"),
    "exits": ("import sys\ndef handler(e, c): sys.exit(3)", EXIT, ID + "Runtime exited with error: exit status 3"),
    "exits well": ("import os\ndef handler(e, c): os._exit(0)", EXIT, ID + "Runtime exited without providing a reason"),
    "segfaults": ("import os\ndef handler(e, c): os.kill(os.getpid(), 11)", EXIT,
                  ID + r"Runtime exited with error: signal: segmentation fault( \(core dumped\))?"),
    "is killed": ("import os\ndef handler(e, c): os.kill(os.getpid(), 9)", EXIT,
                  ID + "Runtime exited with error: signal: killed"),
    "exits while it loads": ("import os\nos._exit(4)", EXIT, ID + "Runtime exited with error: exit status 4"),
    "hangs": ("import signal\nsignal.signal(15, signal.SIG_IGN)\ndef handler(e, c):\n    while True: pass", "Sandbox.Timedout",
              ID + f"Task timed out after {TIMEOUT}.00 seconds"),
    "sleeps": ("import time\ndef handler(e, c): time.sleep(1000)", "Sandbox.Timedout",
               ID + f"Task timed out after {TIMEOUT}.00 seconds"),
    "answers too much": ("def handler(e, c): return 'a' * (7 << 20)", "Function.ResponseSizeTooLarge",
                         r"Response payload size exceeded maximum allowed payload size \(6291556 bytes\)."),
    "answers a set": ("def handler(e, c): return {1, 2}", "Runtime.MarshalError",
                      "Unable to marshal response: Object of type set is not JSON serializable"),
    "answers itself": ("def handler(e, c):\n    l = []\n    l.append(l)\n    return l", "Runtime.MarshalError",
                       "Unable to marshal response: Circular reference detected"),
    "takes all memory": ("def handler(e, c):\n    k = []\n    while True: k.append(b'x' * (1 << 20))", EXIT,
                         ID + "Runtime exited with error: signal: killed"),
    "recurses": ("def handler(e, c): return handler(e, c)", "RecursionError", "maximum recursion depth exceeded.*"),
    "has no syntax": ("def handler(e, c)\n    return 1", "Runtime.UserCodeSyntaxError", "Syntax error in module 'index': .*"),
    "misses a module": ("import nothing_of_that_name", "Runtime.ImportModuleError",
                        "Unable to import module 'index': No module named 'nothing_of_that_name'"),
    "misses the handler": ("x = 1", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'index'"),
    "raises while it loads": ("raise KeyError('k')", "KeyError", "'k'"),
    "raises on exit": ("class E(BaseException): pass\ndef handler(e, c): raise E('base')", EXIT,
                       ID + "Runtime exited with error: exit status 1"),
}
NODE = {
    "throws": ("exports.handler = async () => { const e = new Error('no'); e.name = 'Refused'; throw e; };", "Refused", "no"),
    "exits": ("exports.handler = async () => process.exit(5);", EXIT, ID + "Runtime exited with error: exit status 5"),
    "hangs": ("exports.handler = async () => { for (;;); };", "Sandbox.Timedout",
              ID + f"Task timed out after {TIMEOUT}.00 seconds"),
    "rejects unseen": ("exports.handler = async () => { Promise.reject(new Error('unseen')); await new Promise(() => {}); };",
                       "Runtime.UnhandledPromiseRejection", "Error: unseen"),
    "answers too much": ("exports.handler = async () => 'a'.repeat(7 << 20);", "Function.ResponseSizeTooLarge",
                         r"Response payload size exceeded maximum allowed payload size \(6291556 bytes\)."),
    "has no syntax": ("exports.handler = async () => {", "Runtime.UserCodeSyntaxError", "SyntaxError: .*"),
    "misses a module": ("require('nothing-of-that-name');", "Runtime.ImportModuleError",
                        "Error: Cannot find module 'nothing-of-that-name'.*"),
    "misses the handler": ("exports.x = 1;", "Runtime.HandlerNotFound", "index.handler is undefined or not exported"),
}
# These do no harm that anybody else sees: what they answer.
HARMLESS = {
    "prints bytes": ("import sys\ndef handler(e, c):\n    sys.stdout.buffer.write(bytes(range(256)) * 100)\n    return 'done'", "done"),
    "floods": ("def handler(e, c):\n    for _ in range(200000): print('x' * 100)\n    return 'done'", "done"),
    "prints one long line": ("import sys\ndef handler(e, c):\n    sys.stdout.write('x' * (5 << 20))\n    return 'done'", "done"),
    "leaves a daemon": ("import subprocess\ndef handler(e, c):\n    subprocess.Popen(['sleep', '1000'], start_new_session=True)\n"
                        "    return 'done'", "done"),
    "forks": ("import os\ndef handler(e, c):\n    return 'done' if os.fork() else 'copy'", "done"),
    "closes its output": ("import sys\nsys.stdout.close()\ndef handler(e, c): return 'done'", "done"),
}


def catch_sees_them(stage: Stage) -> None:
    """Each of them ends in the Catch that names its error, with the document as cause, and the next invocation has a new process."""
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(_check, stage, "python3.12", title, *case) for title, case in PYTHON.items()]
        jobs += [pool.submit(_check, stage, "nodejs20.x", title, *case) for title, case in NODE.items()]
        # A good function, all the time, is not affected.
        good = _function(stage, "python3.12", "def handler(e, c): return e")
        client = stage.client("lambda")
        while not all(job.done() for job in jobs):
            answer = client.invoke(FunctionName=good, Payload=b"7")
            assert answer["Payload"].read() == b"7" and "FunctionError" not in answer
            time.sleep(0.05)
        wrong = [error for job in jobs if (error := job.result())]
    assert not wrong, "\n".join(wrong)


def others_do_no_harm(stage: Stage) -> None:
    client = stage.client("lambda")
    good = _function(stage, "python3.12", "def handler(e, c): print('line of a good function')")
    with ThreadPoolExecutor(3) as pool:
        names = {title: _function(stage, "python3.12", source, timeout=30) for title, (source, _) in HARMLESS.items()}
        asked = {title: pool.submit(client.invoke, FunctionName=name) for title, name in names.items()}
        for title, (_, expect) in HARMLESS.items():
            client.invoke(FunctionName=good)
            payload = json.load(asked[title].result()["Payload"])
            assert payload == expect, (title, payload)
    # Whatever the others print, none of its lines is lost.
    lines = lambda: stage.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{good}", filterPattern='"line of"')["events"]
    until(lines, lambda events: len(events) == len(HARMLESS))


def not_a_number(stage: Stage) -> None:
    """Python writes NaN, which is no JSON: Lambda hands it on, and a state machine cannot read it."""
    name = _function(stage, "python3.12", "def handler(e, c): return float('nan')")
    assert stage.client("lambda").invoke(FunctionName=name)["Payload"].read() == b"NaN"
    ended = stage.run(_machine(stage, name))
    assert ended["status"] == "SUCCEEDED", ended


def retry_sees_them(stage: Stage) -> None:
    name = _function(stage, "python3.12", "import os\ndef handler(e, c): os._exit(1)")
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": name}, "End": True,
            "Retry": [{"ErrorEquals": [EXIT], "IntervalSeconds": 1, "BackoffRate": 1.0, "MaxAttempts": 1}]}
    arn = stage.machine({"StartAt": "A", "States": {"A": task}})
    ended = stage.run(arn)
    assert (ended["status"], ended["error"]) == ("FAILED", EXIT), ended
    events = stage.sfn.get_execution_history(executionArn=ended["executionArn"])["events"]
    assert [event["type"] for event in events].count("TaskFailed") == 2


def _check(stage: Stage, runtime: str, title: str, source: str, error: str, message: str) -> str | None:
    """What is wrong, if something is."""
    arn = _machine(stage, _function(stage, runtime, source))
    for attempt in ("first", "second"):
        caught = json.loads(stage.run(arn)["output"])
        if caught.get("Error") != error:
            return f"{runtime} {title}, {attempt}: {error} expected, got {str(caught)[:500]}"
        cause = json.loads(caught["Cause"])
        if cause["errorType"] != error or not re.fullmatch(message, cause["errorMessage"], re.S):
            return f"{runtime} {title}, {attempt}: `{message}` expected, got {str(cause)[:500]}"
    return None


def _machine(stage: Stage, name: str) -> str:
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": name}, "End": True,
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]}
    return stage.machine({"StartAt": "A", "States": {"A": task, "Caught": {"Type": "Succeed"}}})


def _function(stage: Stage, runtime: str, source: str, timeout: int = TIMEOUT) -> str:
    name, packed = stage.name("bad"), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.js" if runtime.startswith("node") else "index.py", source)
    stage.client("lambda").create_function(FunctionName=name, Runtime=runtime, Role=ROLE, Timeout=timeout,
                                           Handler="index.handler", Code={"ZipFile": packed.getvalue()})
    return name
