"""Data sets of Distributed Maps: ItemReader, ItemBatcher and ResultWriter on S3."""

import gzip
import json

from stage import Stage, one_state

READ = "arn:aws:states:::s3:getObject"
LIST = "arn:aws:states:::s3:listObjectsV2"
WRITE = "arn:aws:states:::s3:putObject"


def _bucket(stage: Stage, **objects: bytes) -> str:
    client, name = stage.client("s3"), stage.name("data")
    client.create_bucket(Bucket=name)
    for key, body in objects.items():
        client.put_object(Bucket=name, Key=key, Body=body)
    return name


def _run(stage: Stage, children: str = "STANDARD", states: dict | None = None, **fields) -> dict:
    """What becomes of one Distributed Map; `run` is its Map run."""
    states = states or {"P": {"Type": "Pass", "End": True}}
    config = {"Mode": "DISTRIBUTED", "ExecutionType": children}
    processor = {"ProcessorConfig": config, "StartAt": next(iter(states)), "States": states}
    machine = stage.machine(one_state({"Type": "Map", "ItemProcessor": processor, **fields}))
    ended = stage.run(machine, {"n": 2})
    runs = stage.sfn.list_map_runs(executionArn=ended["executionArn"])["mapRuns"]
    ended["run"] = stage.sfn.describe_map_run(mapRunArn=runs[0]["mapRunArn"])
    return ended


def _items(stage: Stage, bucket: str, key: str, config: dict, **fields) -> list:
    reader = {"Resource": READ, "ReaderConfig": config, "Parameters": {"Bucket": bucket, "Key": key}}
    ended = _run(stage, ItemReader=reader, **fields)
    assert ended["status"] == "SUCCEEDED", ended
    return json.loads(ended["output"])


def formats(stage: Stage) -> None:
    rows = b'id,name\n1,"a,b"\n2,c\\"d\n'
    bucket = _bucket(
        stage,
        csv=rows,
        json=b'{"in": {"list": [1, [2], {"a": 3}]}}',
        jsonl=b'{"a": 1}\n[2]\n',
        **{"csv.gz": gzip.compress(rows)},
    )
    first = {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}
    expected = [{"id": "1", "name": "a,b"}, {"id": "2", "name": 'c"d'}]
    assert _items(stage, bucket, "csv", first) == expected
    assert _items(stage, bucket, "csv.gz", first) == expected
    assert _items(stage, bucket, "csv", {**first, "MaxItemsPath": "$.n"}) == expected
    given = {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["x"]}
    assert _items(stage, bucket, "csv", given) == [{"x": "id"}, {"x": "1"}, {"x": "2"}]
    pointed = {"InputType": "JSON", "ItemsPointer": "/in/list"}
    assert _items(stage, bucket, "json", pointed) == [1, [2], {"a": 3}]
    assert _items(stage, bucket, "jsonl", {"InputType": "JSONL"}) == [{"a": 1}, [2]]
    selected = {"at.$": "$$.Map.Item.Index", "from.$": "$$.Map.Item.Source", "of.$": "$.n"}
    found = _items(stage, bucket, "jsonl", {"InputType": "JSONL"}, ItemSelector=selected)
    assert found[1] == {"at": 1, "from": f"S3://{bucket}/jsonl", "of": 2}, found


def lists(stage: Stage) -> None:
    bucket = _bucket(stage, **{"d/1": b"[1, 2]", "d/2": b"[3]", "other": b"?"})
    reader = {"Resource": LIST, "Parameters": {"Bucket": bucket, "Prefix": "d/"}}
    listed = json.loads(_run(stage, ItemReader=reader)["output"])
    assert [item["Key"] for item in listed] == ["d/1", "d/2"] and listed[0]["Size"] == 6, listed
    flat = {**reader, "ReaderConfig": {"Transformation": "LOAD_AND_FLATTEN", "InputType": "JSON"}}
    assert json.loads(_run(stage, ItemReader=flat)["output"]) == [1, 2, 3]


def manifests(stage: Stage) -> None:
    bucket = _bucket(stage, **{"data.csv.gz": gzip.compress(b'"b","k1"\n"b","k2"\n'), "part": b"1\n2\n"})
    client = stage.client("s3")
    files = [{"key": "data.csv.gz", "size": 1, "MD5checksum": "x"}]
    manifest = {"destinationBucket": f"arn:aws:s3:::{bucket}", "fileFormat": "CSV", "fileSchema": "Bucket, Key"}
    client.put_object(Bucket=bucket, Key="manifest.json", Body=json.dumps({**manifest, "files": files}))
    client.put_object(Bucket=bucket, Key="unload", Body=f"s3://{bucket}/part\n")
    found = _items(stage, bucket, "manifest.json", {"InputType": "MANIFEST"})
    assert found == [{"Bucket": "b", "Key": "k1"}, {"Bucket": "b", "Key": "k2"}], found
    athena = {"ManifestType": "ATHENA_DATA", "InputType": "JSONL"}
    assert _items(stage, bucket, "unload", athena) == [1, 2]


def results(stage: Stage) -> None:
    lines = "".join(f'{{"n": {number}}}\n' for number in range(1200))
    bucket = _bucket(stage, lines=lines.encode())
    reader = {"Resource": READ, "ReaderConfig": {"InputType": "JSONL"}, "Parameters": {"Bucket": bucket, "Key": "lines"}}
    writer = {"Resource": WRITE, "Parameters": {"Bucket": bucket, "Prefix": "out"}}
    states = {
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 7, "Next": "F"}], "Default": "P"},
        "P": {"Type": "Pass", "End": True},
        "F": {"Type": "Fail", "Error": "Seven", "Cause": "no"},
    }
    ended = _run(stage, "EXPRESS", states, ItemReader=reader, ResultWriter=writer, ToleratedFailureCount=1)
    counts = ended["run"]["itemCounts"]
    assert (counts["succeeded"], counts["failed"], counts["resultsWritten"]) == (1199, 1, 1200), counts
    output = json.loads(ended["output"])
    assert output["MapRunArn"] == ended["run"]["mapRunArn"]
    client = stage.client("s3")

    def read(key: str):
        return json.load(client.get_object(Bucket=bucket, Key=key)["Body"])

    manifest = read(output["ResultWriterDetails"]["Key"])
    assert manifest["DestinationBucket"] == bucket and manifest["MapRunArn"] == output["MapRunArn"]
    succeeded = read(manifest["ResultFiles"]["SUCCEEDED"][0]["Key"])
    assert {json.loads(it["Input"])["n"] for it in succeeded} == set(range(1200)) - {7}
    failed = read(manifest["ResultFiles"]["FAILED"][0]["Key"])
    assert [(it["Status"], it["Error"], it["Cause"]) for it in failed] == [("FAILED", "Seven", "no")]
    assert manifest["ResultFiles"]["PENDING"] == []


def batches(stage: Stage) -> None:
    bucket = _bucket(stage, lines=b"".join(b"%d\n" % number for number in range(1001)))
    reader = {"Resource": READ, "ReaderConfig": {"InputType": "JSONL"}, "Parameters": {"Bucket": bucket, "Key": "lines"}}
    writer = {"WriterConfig": {"Transformation": "FLATTEN"}}
    states = {"P": {"Type": "Pass", "OutputPath": "$.Items", "End": True}}
    batcher = {"MaxItemsPerBatch": 100, "BatchInput": {"n.$": "$.n"}}
    ended = _run(stage, "EXPRESS", states, ItemReader=reader, ItemBatcher=batcher, ResultWriter=writer)
    assert json.loads(ended["output"]) == list(range(1001))
    run = ended["run"]
    assert (run["itemCounts"]["total"], run["executionCounts"]["total"]) == (1001, 11), run


def failures(stage: Stage) -> None:
    bucket = _bucket(stage, csv=b"a,a\n1,2\n", number=b"1")

    def check(config: dict, key: str, cause: str, **parameters) -> None:
        where = {"Bucket": bucket, "Key": key, **parameters}
        ended = _run(stage, ItemReader={"Resource": READ, "ReaderConfig": config, "Parameters": where})
        assert ended["error"] == "States.ItemReaderFailed" and cause in ended["cause"], ended

    first = {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}
    check(first, "csv", "CSV headers cannot contain duplicates.")
    check({"InputType": "JSON"}, "number", "Attempting to map over non-iterable node.")
    check({"InputType": "JSON"}, "none", "The specified key does not exist. (Service: S3, Status Code: 404")
    check(first, "csv", "The specified bucket does not exist", Bucket="there-is-no-such-bucket")
    writer = {"Resource": WRITE, "Parameters": {"Bucket": "there-is-no-such-bucket", "Prefix": "p"}}
    reader = {"Resource": READ, "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["h"]},
              "Parameters": {"Bucket": bucket, "Key": "csv"}}
    ended = _run(stage, ItemReader=reader, ResultWriter=writer)
    assert ended["error"] == "States.ResultWriterFailed" and "bucket does not exist" in ended["cause"], ended


def redrive(stage: Stage) -> None:
    """What a stop has left is done by a redrive, and nothing twice."""
    bucket = _bucket(stage, lines=b"".join(b"%d\n" % number for number in range(300)))
    reader = {"Resource": READ, "ReaderConfig": {"InputType": "JSONL"}, "Parameters": {"Bucket": bucket, "Key": "lines"}}
    wait = {"Type": "Wait", "Seconds": 1, "End": True}
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "W", "States": {"W": wait}}
    writer = {"WriterConfig": {"Transformation": "COMPACT"}}
    definition = one_state(
        {"Type": "Map", "ItemReader": reader, "ItemProcessor": processor, "ResultWriter": writer, "MaxConcurrency": 100}
    )
    machine = stage.machine(definition)
    execution = stage.sfn.start_execution(stateMachineArn=machine)["executionArn"]
    stage.sfn.stop_execution(executionArn=execution)
    stage.sfn.redrive_execution(executionArn=execution)
    ended = stage.ended(execution, 60)
    assert ended["status"] == "SUCCEEDED" and json.loads(ended["output"]) == list(range(300)), ended
