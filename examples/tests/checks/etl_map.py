"""The data sets: CSV, JSON Lines and a list of objects; what is tolerated and what not; jobs of other services; a crash in the middle."""

import importlib.util
import json
import threading
from contextlib import contextmanager

from scene import Scene, until

ROWS, CLICKS, LOGS = 1000, 200, 12
# Every hundredth row is no reading, and the rows of one batch are mostly none.
DAMAGED_BATCH = range(300, 380)
HEADER = "sensor,day,celsius"
SETTINGS = "".join(f'[services.{name}]\nendpoint = "URL"\n' for name in ("glue", "ecs", "sagemaker"))


def data_sets(scene: Scene) -> None:
    with _jobs(scene) as jobs:
        outputs = scene.deploy()
        machine, raw, results = (outputs[name] for name in ("EtlStateMachineArn", "RawBucketName", "ResultsBucketName"))
        _fill(scene, raw)
        done = scene.run(machine, {})
        output = json.loads(done["output"])
        _judge(output)
        assert output["merged"] and set(jobs.started) == {"jr_1", "task_2", done["name"]}, (output, jobs.started)
        _results(scene, results, done, output)

        # The job of Glue fails: what was made is summed up all the same.
        output = json.loads(scene.run(machine, {"mode": "fail"})["output"])
        assert output["merged"] is False
        _judge(output)


def failures(scene: Scene) -> None:
    with _jobs(scene):
        outputs = scene.deploy()
        machine, raw = outputs["EtlStateMachineArn"], outputs["RawBucketName"]
        _fill(scene, raw)
        missing = scene.run(machine, {"readings": "missing.csv"})
        assert (missing["status"], missing["error"]) == ("FAILED", "NoData"), missing
        assert "missing.csv" in missing["cause"] or "key does not exist" in missing["cause"], missing

        damaged = "\n".join([HEADER, *(f"s{n},1,none" for n in range(500))])
        scene.client("s3").put_object(Bucket=raw, Key="damaged.csv", Body=damaged.encode())
        failed = scene.run(machine, {"readings": "damaged.csv"})
        assert (failed["status"], failed["error"]) == ("FAILED", "TooMuchIsDamaged"), failed
        run = _map_run(scene, failed["executionArn"], "Readings")
        assert run["status"] == "FAILED" and run["itemCounts"]["failed"] > 100, run


def kill(scene: Scene) -> None:
    """Killed while children run, and while jobs of other services do: nothing is left out, nothing counted twice."""
    with _jobs(scene) as jobs:
        outputs = scene.deploy()
        machine, results = outputs["EtlStateMachineArn"], outputs["ResultsBucketName"]
        _fill(scene, outputs["RawBucketName"])
        started = scene.client("stepfunctions").start_execution(stateMachineArn=machine, input="{}")["executionArn"]
        until(lambda: _map_run(scene, started, "Readings")["itemCounts"]["succeeded"] > 100)
        scene.restart()
        until(lambda: jobs.started)
        scene.restart()
        done = scene.ended(started)
        output = json.loads(done["output"])
        _judge(output)
        _results(scene, results, done, output)
        assert output["merged"], output


def _judge(output: dict) -> None:
    """The summary says what the data say, to the row."""
    summary = output["summary"]
    bad = [n for n in range(ROWS) if n % 100 == 50 and not 300 <= n < 400]
    good = ROWS - 100 - len(bad)
    readings = summary["readings"]
    assert readings["failed"] == 1, "one batch is damaged"
    assert (readings["readings"], readings["leftOut"]) == (good, len(bad)), readings
    kelvin = sum(_celsius(n) + 273.15 for n in range(ROWS) if n not in bad and not 300 <= n < 400)
    assert abs(readings["kelvin"] - kelvin) < 1, (readings, kelvin)
    visits = [n % 10 for n in range(CLICKS) if n % 10 >= 5]
    assert summary["clicks"] == {
        "failed": 0, "visits": len(visits), "seconds": sum(visits), "glances": CLICKS - len(visits)}, summary
    assert summary["logs"] == {"failed": 1, "lines": LOGS * 10, "errors": LOGS * 3}, summary


def _results(scene: Scene, bucket: str, done: dict, output: dict) -> None:
    """What is in the bucket, and what the Map runs say of it."""
    kept = json.load(scene.client("s3").get_object(Bucket=bucket, Key=output["key"])["Body"])
    assert kept == output["summary"]
    for label, total, failed in [("Readings", ROWS, 100), ("Clicks", CLICKS, 0), ("Logs", LOGS + 1, 1)]:
        run = _map_run(scene, done["executionArn"], label)
        counts = run["itemCounts"]
        assert (run["status"], counts["total"], counts["failed"]) == ("SUCCEEDED", total, failed), run
        assert counts["resultsWritten"] == counts["succeeded"] + counts["failed"] == total, run
    children = _map_run(scene, done["executionArn"], "Readings")["executionCounts"]
    assert (children["total"], children["succeeded"], children["failed"]) == (10, 9, 1), children


def _map_run(scene: Scene, execution: str, label: str) -> dict:
    """The Map run of one Map state, once it has begun."""
    stepfunctions = scene.client("stepfunctions")
    listed = until(lambda: [run["mapRunArn"] for run in stepfunctions.list_map_runs(executionArn=execution)["mapRuns"]
                            if run["stateMachineArn"].endswith(f"/{label}")])
    return stepfunctions.describe_map_run(mapRunArn=listed[0])



def _fill(scene: Scene, bucket: str) -> None:
    s3 = scene.client("s3")
    rows = [HEADER]
    for n in range(ROWS):
        unreadable = n % 100 == 50 or n in DAMAGED_BATCH
        rows.append(f"s{n % 7},{n // 7},{'none' if unreadable else _celsius(n)}")
    s3.put_object(Bucket=bucket, Key="readings.csv", Body="\n".join(rows).encode())
    clicks = [json.dumps({"page": f"/{n % 3}", "came": n, "left": n + n % 10}) for n in range(CLICKS)]
    s3.put_object(Bucket=bucket, Key="clicks.jsonl", Body="\n".join(clicks).encode())
    lines = ["INFO begun"] * 5 + ["WARN slow"] * 2 + ["ERROR gone"] * 3
    for n in range(LOGS):
        s3.put_object(Bucket=bucket, Key=f"logs/{n:02}.log", Body="\n".join(lines).encode() + b"\n")
    s3.put_object(Bucket=bucket, Key="logs/picture.log", Body=b"GIF89a")


def _celsius(n: int) -> float:
    return n % 40 - 5.5


@contextmanager
def _jobs(scene: Scene):
    """The example's stand-in for Glue, ECS and SageMaker, and a server that is told where it is."""
    spec = importlib.util.spec_from_file_location("jobs_server", scene.example / "jobs" / "server.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.serve(0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings = scene.directory / "passo.toml"
        settings.write_text(SETTINGS.replace("URL", f"http://127.0.0.1:{server.server_port}"))
        scene.options = ["--config", str(settings)]
        scene.restart()
        yield server.jobs
        server.shutdown()
