"""Files come out of the bucket as objects, items, messages, mails and notifications; and so they do over a crash."""

import json

from scene import Scene, until
from web_hook import WebHook

ANA, PHONE = "ana@example.com", "+5511987654321"
GOOD = "date,product,quantity,price\n2026-11-02,coffee,2,49.90\n2026-11-02,kettle,1,259.00\n2026-11-03,coffee,1,49.90\n"
BAD = "date,product,quantity,price\n2026-11-02,coffee,2,49.90\n2026-11-03,coffee,none,49.90\n"
# Long enough for a function to begin on a busy machine, short enough to wait for three times.
PATIENCE_SECONDS = "6"
FILES = 12


def outcomes(scene: Scene) -> None:
    with WebHook() as hook:
        stack = scene.deploy(AlertEmail=ANA, AlertPhone=PHONE, AlertUrl=hook.url, AlertProtocol="http",
                             PatienceSeconds=PATIENCE_SECONDS)
        _confirm(scene, stack["NewsTopicArn"])
        s3, sqs = scene.client("s3"), scene.client("sqs")
        sqs.send_message(QueueUrl=stack["WorkUrl"], MessageBody="this is no file")
        lost = json.dumps({"bucket": stack["InboxBucket"], "key": "lost.csv", "upload": "1"})
        for _ in range(2):
            sqs.send_message(QueueUrl=stack["WorkUrl"], MessageBody=lost)
        for key, text in [("sales/good.csv", GOOD), ("sales/bad.csv", BAD), ("sales/notes.txt", "not a table")]:
            s3.put_object(Bucket=stack["InboxBucket"], Key=key, Body=text.encode())
        wanted = {"sales/good.csv: DONE", "sales/bad.csv: REFUSED", "lost.csv: GONE"}
        until(lambda: wanted <= set(scene.inbox.subjects(ANA)))
        until(lambda: wanted <= {news["Subject"] for news in hook.notifications})
        assert scene.inbox.texts(ANA, "sales/good.csv: DONE") == ["sales/good.csv: its sales are worth 408.70"]
        texts = until(lambda: [it for it in scene.get("/_passo/v1/outbox")["messages"] if it["Kind"] == "sms"])
        assert [(it["PhoneNumber"], it["Message"]) for it in texts] == [
            (PHONE, "sales/bad.csv: line 3 has no good quantity and price")], texts
        _result(scene, stack, "sales/good.json", "408.70")
        assert _keys(scene, stack["ResultsBucket"]) == ["sales/good.json"]
        assert _story(scene, stack, "sales/good.csv") == (["ARRIVED", "DONE"], "DONE")
        assert _story(scene, stack, "sales/bad.csv") == (["ARRIVED", "REFUSED"], "REFUSED")
        assert _story(scene, stack, "lost.csv") == (["ARRIVED", "GONE"], "GONE")
        statuses = sorted(it["status"] for it in scene.executions(stack["FilePipelineArn"]))
        assert statuses == ["FAILED", "FAILED", "SUCCEEDED"], statuses
        assert [it["Body"] for it in scene.messages(stack["DeadLettersUrl"], 1)] == ["this is no file"]
        assert len(_ledger(scene, stack, 3)) == 3


def kill(scene: Scene) -> None:
    stack = scene.deploy(AlertEmail=ANA, PatienceSeconds="20")
    _confirm(scene, stack["NewsTopicArn"])
    s3 = scene.client("s3")
    names = [f"day-{number}" for number in range(FILES)]
    for name in names[:FILES // 2]:
        s3.put_object(Bucket=stack["InboxBucket"], Key=f"{name}.csv", Body=GOOD.encode())
    # Nothing has been done yet with the last ones, and something with the first.
    until(lambda: _keys(scene, stack["ResultsBucket"]))
    for name in names[FILES // 2:]:
        s3.put_object(Bucket=stack["InboxBucket"], Key=f"{name}.csv", Body=GOOD.encode())
    scene.restart()
    until(lambda: {f"{name}.csv: DONE" for name in names} <= set(scene.inbox.subjects(ANA)))
    until(lambda: {it["status"] for it in scene.executions(stack["FilePipelineArn"])} == {"SUCCEEDED"})
    # The name of an execution is used once, however often its message came.
    assert len(scene.executions(stack["FilePipelineArn"])) == FILES
    assert _keys(scene, stack["ResultsBucket"]) == sorted(f"{name}.json" for name in names)
    for name in names:
        _result(scene, stack, f"{name}.json", "408.70")
        story = _story(scene, stack, f"{name}.csv")
        assert story == (["ARRIVED", "DONE"], "DONE"), (name, story)
    # A FIFO queue promises each message once.
    assert _ledger(scene, stack, FILES) == sorted((f"{name}.csv", "DONE") for name in names)
    assert not scene.messages(stack["DeadLettersUrl"], 0)


def _confirm(scene: Scene, topic: str) -> None:
    """Says yes to every mail that asks, and waits until nobody has to say more."""
    until(lambda: scene.inbox.confirm(ANA))
    subscriptions = lambda: scene.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    until(subscriptions, lambda them: all(it["SubscriptionArn"].startswith("arn:") for it in them))


def _keys(scene: Scene, bucket: str) -> list[str]:
    return [it["Key"] for it in scene.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]


def _result(scene: Scene, stack: dict, key: str, revenue: str) -> None:
    got = scene.client("s3").get_object(Bucket=stack["ResultsBucket"], Key=key)
    assert got["ContentType"] == "application/json", got
    assert json.load(got["Body"])["revenue"] == revenue


def _story(scene: Scene, stack: dict, file: str) -> tuple[list[str], str]:
    """What happened to a file, and its status."""
    items = scene.client("dynamodb").query(TableName=stack["FilesTable"], KeyConditionExpression="fileName = :f",
                                           ExpressionAttributeValues={":f": {"S": file}})["Items"]
    return [it["what"]["S"] for it in items if "what" in it], items[-1]["status"]["S"]


def _ledger(scene: Scene, stack: dict, count: int) -> list[tuple[str, str]]:
    entries = [json.loads(it["Body"]) for it in scene.messages(stack["LedgerUrl"], count)]
    return sorted((it["file"], it["outcome"]) for it in entries)
