"""SQS: queues, messages, FIFO, dead letters. boto3 checks the MD5 digests of every send and receive itself."""

import base64
import json
import subprocess
import threading
import time
import urllib.parse

from stage import Stage, refused, until

MISSING = "AWS.SimpleQueueService.NonExistentQueue"


def _queue(stage: Stage, name: str = "queue", **attributes) -> str:
    name = stage.name(name)
    if attributes.get("FifoQueue"):
        name += ".fifo"
    return stage.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]


def _arn(stage: Stage, url: str) -> str:
    return stage.client("sqs").get_queue_attributes(
        QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def _count(stage: Stage, url: str, kind: str = "") -> int:
    name = f"ApproximateNumberOfMessages{kind}"
    return int(stage.client("sqs").get_queue_attributes(
        QueueUrl=url, AttributeNames=[name])["Attributes"][name])


def queues(stage: Stage) -> None:
    client, name = stage.client("sqs"), stage.name("made")
    url = client.create_queue(QueueName=name, Attributes={"DelaySeconds": "3"}, tags={"a": "b"})["QueueUrl"]
    assert client.create_queue(QueueName=name)["QueueUrl"] == url
    refused("QueueAlreadyExists", client.create_queue, "DelaySeconds", QueueName=name, Attributes={"DelaySeconds": "4"})
    refused("InvalidParameterValue", client.create_queue, "Can only include alphanumeric", QueueName="a b")
    refused("InvalidAttributeName", client.create_queue, QueueName="x", Attributes={"Nonsense": "1"})
    refused("InvalidAttributeValue", client.create_queue, QueueName="x", Attributes={"DelaySeconds": "901"})
    assert client.get_queue_url(QueueName=name)["QueueUrl"] == url
    refused(MISSING, client.get_queue_url, "The specified queue does not exist.", QueueName="none")
    try:
        client.get_queue_url(QueueName="none")
    except client.exceptions.QueueDoesNotExist as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    attributes = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert attributes["DelaySeconds"] == "3" and attributes["VisibilityTimeout"] == "30", attributes
    client.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "7"})
    assert client.get_queue_attributes(
        QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"] == {"VisibilityTimeout": "7"}
    client.tag_queue(QueueUrl=url, Tags={"c": "d"})
    client.untag_queue(QueueUrl=url, TagKeys=["a"])
    assert client.list_queue_tags(QueueUrl=url)["Tags"] == {"c": "d"}
    client.add_permission(QueueUrl=url, Label="l", AWSAccountIds=[stage.account], Actions=["SendMessage"])
    client.remove_permission(QueueUrl=url, Label="l")
    more = [client.create_queue(QueueName=f"{name}-{n}")["QueueUrl"] for n in range(3)]
    pages = list(client.get_paginator("list_queues").paginate(
        QueueNamePrefix=name, PaginationConfig={"PageSize": 2}))
    assert [it for page in pages for it in page["QueueUrls"]] == [url, *more] and len(pages) == 2, pages
    client.delete_queue(QueueUrl=url)
    refused(MISSING, client.send_message, QueueUrl=url, MessageBody="x")


def messages(stage: Stage) -> None:
    client, url = stage.client("sqs"), _queue(stage)
    given = {
        "text": {"DataType": "String", "StringValue": "é"},
        "number": {"DataType": "Number.int", "StringValue": "7"},
        "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    }
    sent = client.send_message(QueueUrl=url, MessageBody="body \U0001f600", MessageAttributes=given)
    received = client.receive_message(
        QueueUrl=url, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"])["Messages"]
    (message,) = received
    assert message["Body"] == "body \U0001f600" and message["MessageId"] == sent["MessageId"]
    assert message["MessageAttributes"] == given
    assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
    assert message["Attributes"]["ApproximateReceiveCount"] == "1", message
    assert "Messages" not in client.receive_message(QueueUrl=url)
    client.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    (again,) = client.receive_message(QueueUrl=url, MessageAttributeNames=["te.*"])["Messages"]
    assert list(again["MessageAttributes"]) == ["text"]
    client.delete_message(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"])
    refused("ReceiptHandleIsInvalid", client.delete_message, QueueUrl=url, ReceiptHandle="x")
    refused("InvalidParameterValue", client.receive_message, "Must be between 1 and 10, if provided.",
            QueueUrl=url, MaxNumberOfMessages=11)
    refused("MissingParameter", client.send_message, QueueUrl=url, MessageBody="")
    refused("InvalidMessageContents", client.send_message, QueueUrl=url, MessageBody="\x00")
    refused("InvalidParameterValue", client.send_message, "Message must be shorter than 1048576 bytes.",
            QueueUrl=url, MessageBody="x" * (1 << 20) + "y")
    client.send_message(QueueUrl=url, MessageBody="x" * (1 << 20))
    (large,) = client.receive_message(QueueUrl=url)["Messages"]
    assert len(large["Body"]) == 1 << 20


def batches(stage: Stage) -> None:
    client, url = stage.client("sqs"), _queue(stage)
    answer = client.send_message_batch(QueueUrl=url, Entries=[
        {"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "\x00"}, {"Id": "c", "MessageBody": "2"}])
    assert [it["Id"] for it in answer["Successful"]] == ["a", "c"]
    (failed,) = answer["Failed"]
    assert (failed["Id"], failed["Code"], failed["SenderFault"]) == ("b", "InvalidMessageContents", True)
    received = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert sorted(it["Body"] for it in received) == ["1", "2"]
    entries = [{"Id": str(n), "ReceiptHandle": it["ReceiptHandle"]} for n, it in enumerate(received)]
    client.change_message_visibility_batch(QueueUrl=url, Entries=[{**it, "VisibilityTimeout": 60} for it in entries])
    deleted = client.delete_message_batch(QueueUrl=url, Entries=entries)
    assert [it["Id"] for it in deleted["Successful"]] == ["0", "1"]
    prefix = "AWS.SimpleQueueService."
    refused(prefix + "EmptyBatchRequest", client.send_message_batch, QueueUrl=url, Entries=[])
    refused(prefix + "TooManyEntriesInBatchRequest", client.send_message_batch, QueueUrl=url,
            Entries=[{"Id": str(n), "MessageBody": "x"} for n in range(11)])
    refused(prefix + "BatchEntryIdsNotDistinct", client.send_message_batch, QueueUrl=url,
            Entries=[{"Id": "a", "MessageBody": "x"}] * 2)
    refused(prefix + "BatchRequestTooLong", client.send_message_batch, QueueUrl=url,
            Entries=[{"Id": str(n), "MessageBody": "x" * 600_000} for n in range(2)])


def wrong_arguments(stage: Stage) -> None:
    """What a queue, a message or a permission cannot be, in AWS's codes and words."""
    client, url, fifo = stage.client("sqs"), _queue(stage), _queue(stage, FifoQueue="true")
    refused("InvalidParameterValue", client.send_message, "Message system attribute name 'Other' is invalid.",
            QueueUrl=url, MessageBody="x",
            MessageSystemAttributes={"Other": {"DataType": "String", "StringValue": "x"}})
    refused("InvalidParameterValue", client.list_message_move_tasks, "Must be between 1 and 10, if provided.",
            SourceArn=_arn(stage, url), MaxResults=11)
    high = {"FifoThroughputLimit": "perMessageGroupId"}
    refused("InvalidAttributeValue", client.set_queue_attributes, "FifoThroughputLimit", QueueUrl=fifo, Attributes=high)
    client.set_queue_attributes(QueueUrl=fifo, Attributes={"DeduplicationScope": "messageGroup", **high})
    refused("InvalidAttributeValue", client.set_queue_attributes, "FifoThroughputLimit",
            QueueUrl=fifo, Attributes={"DeduplicationScope": "queue"})
    allowed = {"QueueUrl": url, "Label": "l", "AWSAccountIds": [stage.account]}
    refused("InvalidParameterValue", client.add_permission, "SQS:Leap for parameter ActionName", **allowed, Actions=["Leap"])
    refused("OverLimit", client.add_permission, "8 Actions were found, maximum allowed is 7.", **allowed,
            Actions=["SendMessage"] * 8)
    refused("InvalidParameterValue", client.add_permission, "PrincipalId",
            QueueUrl=url, Label="l", AWSAccountIds=["1"], Actions=["SendMessage"])


def long_poll(stage: Stage) -> None:
    client, url = stage.client("sqs"), _queue(stage)
    later = threading.Timer(0.5, lambda: client.send_message(QueueUrl=url, MessageBody="late"))
    later.start()
    begun = time.monotonic()
    (message,) = client.receive_message(QueueUrl=url, WaitTimeSeconds=10, VisibilityTimeout=1)["Messages"]
    assert message["Body"] == "late" and 0.3 < time.monotonic() - begun < 3
    begun = time.monotonic()
    assert len(client.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]) == 1
    assert time.monotonic() - begun < 3
    client.send_message(QueueUrl=url, MessageBody="delayed", DelaySeconds=1)
    assert _count(stage, url, "Delayed") == 1
    (message,) = client.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
    assert message["Body"] == "delayed"
    begun = time.monotonic()
    assert "Messages" not in client.receive_message(QueueUrl=_queue(stage), WaitTimeSeconds=1)
    assert 0.9 < time.monotonic() - begun < 3


def fifo(stage: Stage) -> None:
    client = stage.client("sqs")
    url = _queue(stage, FifoQueue="true", ContentBasedDeduplication="true")
    refused("MissingParameter", client.send_message, "MessageGroupId", QueueUrl=url, MessageBody="x")
    sent = [client.send_message(QueueUrl=url, MessageBody=f"{group}{n}", MessageGroupId=group)
            for n in range(3) for group in "ab"]
    numbers = [int(it["SequenceNumber"]) for it in sent]
    assert numbers == sorted(numbers) and len(set(numbers)) == 6
    again = client.send_message(QueueUrl=url, MessageBody="a0", MessageGroupId="a")
    assert (again["MessageId"], again["SequenceNumber"]) == (sent[0]["MessageId"], sent[0]["SequenceNumber"])
    first = client.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"])["Messages"][0]
    assert first["Body"] == "a0" and first["Attributes"]["MessageGroupId"] == "a"
    others = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [it["Body"] for it in others] == ["b0", "b1", "b2"]
    client.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    rest = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [it["Body"] for it in rest] == ["a1", "a2"]


def dead_letters(stage: Stage) -> None:
    client, grave = stage.client("sqs"), _queue(stage, "dead")
    policy = json.dumps({"deadLetterTargetArn": _arn(stage, grave), "maxReceiveCount": 2})
    url = _queue(stage, RedrivePolicy=policy)
    assert client.list_dead_letter_source_queues(QueueUrl=grave)["queueUrls"] == [url]
    sent = client.send_message(QueueUrl=url, MessageBody="poison")
    for _ in range(2):
        assert len(client.receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"]) == 1
    assert "Messages" not in client.receive_message(QueueUrl=url)
    (dead,) = client.receive_message(
        QueueUrl=grave, MessageSystemAttributeNames=["All"], VisibilityTimeout=0)["Messages"]
    assert dead["MessageId"] == sent["MessageId"]
    assert dead["Attributes"]["DeadLetterQueueSourceArn"] == _arn(stage, url)
    refused("InvalidParameterValue", client.start_message_move_task, SourceArn=_arn(stage, url))
    client.start_message_move_task(SourceArn=_arn(stage, grave))
    until(lambda: _count(stage, url), lambda count: count == 1, 10)
    tasks = until(lambda: client.list_message_move_tasks(SourceArn=_arn(stage, grave))["Results"],
                  lambda tasks: tasks[0]["Status"] == "COMPLETED", 10)
    assert tasks[0]["ApproximateNumberOfMessagesMoved"] == 1


def purge(stage: Stage) -> None:
    client, url = stage.client("sqs"), _queue(stage)
    client.send_message(QueueUrl=url, MessageBody="x")
    client.purge_queue(QueueUrl=url)
    assert _count(stage, url) == 0
    refused("AWS.SimpleQueueService.PurgeQueueInProgress", client.purge_queue, QueueUrl=url)


def any_host(stage: Stage) -> None:
    """The host of a queue's URL does not matter: the client sends to its endpoint, and the path names the queue."""
    client, url = stage.client("sqs"), _queue(stage)
    path = urllib.parse.urlparse(url).path
    for host in ["http://queue:1", f"https://sqs.{stage.region}.amazonaws.com", stage.url]:
        client.send_message(QueueUrl=host + path, MessageBody="x")
    assert _count(stage, url) == 3
    refused(MISSING, client.send_message, QueueUrl=url + "-not", MessageBody="x")


def command_line(stage: Stage) -> None:
    def aws(*arguments: str) -> dict:
        command = ["aws", "--endpoint-url", stage.url, "sqs", *arguments, "--output", "json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout else {}

    url = aws("create-queue", "--queue-name", stage.name("cli"))["QueueUrl"]
    attributes = json.dumps({"b": {"DataType": "Binary", "BinaryValue": base64.b64encode(b"x").decode()}})
    aws("send-message", "--queue-url", url, "--message-body", "hello", "--message-attributes", attributes)
    (message,) = aws("receive-message", "--queue-url", url, "--message-attribute-names", "All")["Messages"]
    assert message["Body"] == "hello"
    aws("delete-message", "--queue-url", url, "--receipt-handle", message["ReceiptHandle"])
    aws("delete-queue", "--queue-url", url)
