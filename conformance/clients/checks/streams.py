"""DynamoDB streams as event sources of Lambda: order, batches, failures, and what is left after `kill -9`."""

import io
import json
import tempfile
import time
import zipfile

from server import Server
from stage import ROLE, Stage, refused, until

# Every invocation is told to a queue; what it does is in the items.
TELLS = """
import json, os, urllib.request

def tell(message):
    # Loading boto3 would take longer than all the rest.
    body = json.dumps({"QueueUrl": os.environ["QUEUE"], "MessageBody": json.dumps(message)}).encode()
    scope = "%s/20260101/%s/sqs/aws4_request" % (os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_REGION"])
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.SendMessage",
               "Authorization": "AWS4-HMAC-SHA256 Credential=%s, SignedHeaders=host, Signature=0" % scope}
    urllib.request.urlopen(urllib.request.Request(os.environ["AWS_ENDPOINT_URL"], body, headers)).read()

def handler(event, context):
    records = event["Records"]
    keys = [r["dynamodb"]["Keys"]["id"]["S"] for r in records]
    tell({"keys": keys, "first": records[0]})
    if any(r["dynamodb"].get("NewImage", {}).get("do", {}).get("S") == "fail" for r in records):
        raise ValueError("asked to fail")
    bad = [{"itemIdentifier": r["dynamodb"]["SequenceNumber"]} for r in records
           if r["dynamodb"].get("NewImage", {}).get("do", {}).get("S") == "report"]
    return {"batchItemFailures": bad}
"""


def records(stage: Stage) -> None:
    world = _World(stage)
    world.put("a", do="x")
    mapping = world.map(StartingPosition="TRIM_HORIZON", BatchSize=2)
    assert (mapping["State"], mapping["BatchSize"], mapping["MaximumRetryAttempts"]) == ("Creating", 2, -1), mapping
    world.put("a", do="y")
    world.table.delete_item(TableName=world.name, Key={"id": {"S": "a"}})
    told = world.told(3)
    assert [key for it in told for key in it["keys"]] == ["a", "a", "a"], told
    first = told[0]["first"]
    assert (first["eventSource"], first["eventName"], first["eventSourceARN"]) == ("aws:dynamodb", "INSERT", world.stream)
    assert first["awsRegion"] == stage.region and first["dynamodb"]["NewImage"]["do"] == {"S": "x"}, first
    assert first["dynamodb"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    client = stage.client("lambda")
    listed = client.list_event_source_mappings(EventSourceArn=world.stream)["EventSourceMappings"]
    assert [it["UUID"] for it in listed] == [mapping["UUID"]] and listed[0]["State"] == "Enabled"
    refused("ResourceConflictException", world.map, "provided mapping already exists", StartingPosition="LATEST")
    client.delete_event_source_mapping(UUID=mapping["UUID"])
    refused("ResourceNotFoundException", client.get_event_source_mapping, UUID=mapping["UUID"])


def only_what_comes_later(stage: Stage) -> None:
    world = _World(stage)
    world.put("before")
    world.map(StartingPosition="LATEST",
              FilterCriteria={"Filters": [{"Pattern": json.dumps({"eventName": ["INSERT"],
                                                                  "dynamodb": {"Keys": {"id": {"S": [{"prefix": "w"}]}}}})}]})
    for key in ("other", "wanted", "w2"):
        world.put(key)
    assert sorted(key for it in world.told(2) for key in it["keys"]) == ["w2", "wanted"]


def halves_and_giving_up(stage: Stage) -> None:
    """One record fails for ever: its batch is halved until it is alone, tried again, and given up; the others arrive."""
    world = _World(stage)
    for number in range(4):
        world.put(f"k{number}", do="fail" if number == 2 else "fine")
    world.map(StartingPosition="TRIM_HORIZON", BatchSize=4, BisectBatchOnFunctionError=True, MaximumRetryAttempts=1,
              DestinationConfig={"OnFailure": {"Destination": world.letters_arn}})
    letter = until(world.letters, bool)[0]
    assert letter["requestContext"]["condition"] == "RetryAttemptsExhausted", letter
    assert letter["requestContext"]["approximateInvokeCount"] == 2, letter
    assert (letter["DDBStreamBatchInfo"]["batchSize"], letter["DDBStreamBatchInfo"]["streamArn"]) == (1, world.stream)
    assert letter["responseContext"]["functionError"] == "Unhandled"
    world.put("after")
    told = world.told_until("after")
    expect = [["k0", "k1", "k2", "k3"], ["k0", "k1"], ["k2", "k3"], ["k2"], ["k2"], ["k3"], ["after"]]
    assert [it["keys"] for it in told] == expect, told


def items_that_failed(stage: Stage) -> None:
    world = _World(stage)
    for number in range(3):
        world.put(f"k{number}", do="report" if number == 1 else "fine")
    world.map(StartingPosition="TRIM_HORIZON", BatchSize=3, MaximumRetryAttempts=1,
              FunctionResponseTypes=["ReportBatchItemFailures"],
              DestinationConfig={"OnFailure": {"Destination": world.letters_arn}})
    until(world.letters, bool)
    world.put("after")
    told = world.told_until("after")
    assert [it["keys"] for it in told] == [["k0", "k1", "k2"], ["k1", "k2"], ["after"]], told


def lanes(stage: Stage) -> None:
    """Items are worked on beside each other, the changes of one item in order."""
    world = _World(stage)
    for turn in range(5):
        for item in range(4):
            world.put(f"i{item}", do=str(turn))
    world.map(StartingPosition="TRIM_HORIZON", BatchSize=1, ParallelizationFactor=4)
    told = world.told(20)
    for item in range(4):
        turns = [it["first"]["dynamodb"]["NewImage"]["do"]["S"] for it in told if it["keys"] == [f"i{item}"]]
        assert sorted(turns) == turns and len(turns) == 5, turns


def goes_on_after_a_kill(stage: Stage) -> None:
    with tempfile.TemporaryDirectory() as data:
        server = Server(stage.binary, "--data", data, "--port", "0")
        try:
            there = stage.on(server.url)
            world = _World(there)
            world.map(StartingPosition="LATEST", BatchSize=1)
            world.put("one")
            world.told_until("one")
            # What was worked on is remembered a moment later.
            time.sleep(0.5)
            server.kill()
            server = Server(stage.binary, "--data", data, "--port", str(server.port))
            world.put("two")
            told = world.told_until("two")
            assert [it["keys"] for it in told] == [["two"]], told
            # A mapping that saw nothing before the kill misses nothing after it.
            late = _World(there)
            late.put("before")
            late.map(StartingPosition="LATEST")
            server.kill()
            server = Server(stage.binary, "--data", data, "--port", str(server.port))
            late.put("after")
            assert [it["keys"] for it in late.told_until("after")] == [["after"]]
        finally:
            server.kill()


def refusals(stage: Stage) -> None:
    world = _World(stage)
    stream = world.stream.replace(world.name, "none")
    refused("InvalidParameterValueException", world.map, f"Stream not found: {stream}", EventSourceArn=stream,
            StartingPosition="LATEST")
    refused("ValidationException", world.map, "startingPosition")
    refused("ValidationException", world.map, "parallelizationFactor", StartingPosition="LATEST", ParallelizationFactor=11)
    refused("InvalidParameterValueException", world.map, "MaximumRecordAgeInSeconds", StartingPosition="LATEST",
            MaximumRecordAgeInSeconds=59)


class _World:
    """A table with a stream, a function that tells what it gets, and queues for that."""

    def __init__(self, stage: Stage):
        self.stage, self.name = stage, stage.name("stream")
        self.table, self.sqs = stage.client("dynamodb"), stage.client("sqs")
        self.queue = self.sqs.create_queue(QueueName=f"{self.name}-told")["QueueUrl"]
        self.dead = self.sqs.create_queue(QueueName=f"{self.name}-letters")["QueueUrl"]
        self.letters_arn = f"arn:aws:sqs:{stage.region}:{stage.account}:{self.name}-letters"
        made = self.table.create_table(
            TableName=self.name, BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        self.stream = made["TableDescription"]["LatestStreamArn"]
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("index.py", TELLS)
        stage.client("lambda").create_function(
            FunctionName=self.name, Runtime="python3.12", Role=ROLE, Handler="index.handler", Timeout=20, MemorySize=256,
            Environment={"Variables": {"QUEUE": self.queue}}, Code={"ZipFile": packed.getvalue()},
        )
        self._seen: list[dict] = []

    def map(self, **options) -> dict:
        options.setdefault("EventSourceArn", self.stream)
        return self.stage.client("lambda").create_event_source_mapping(FunctionName=self.name, **options)

    def put(self, key: str, do: str = "fine") -> None:
        self.table.put_item(TableName=self.name, Item={"id": {"S": key}, "do": {"S": do}})

    def told(self, keys: int) -> list[dict]:
        """What the function was invoked with, once it got so many keys."""
        return until(self._more, lambda seen: sum(len(it["keys"]) for it in seen) >= keys)

    def told_until(self, key: str) -> list[dict]:
        """What the function was invoked with since the last time, once it got this key."""
        seen = until(self._more, lambda seen: any(key in it["keys"] for it in seen))
        self._seen = []
        return seen

    def letters(self) -> list[dict]:
        return [json.loads(it["Body"]) for it in self._receive(self.dead)]

    def _more(self) -> list[dict]:
        self._seen += [json.loads(it["Body"]) for it in self._receive(self.queue)]
        return self._seen

    def _receive(self, queue: str) -> list[dict]:
        messages = self.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            self.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return messages
