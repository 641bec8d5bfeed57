"""SNS: topics, subscriptions, and what arrives in queues, at web servers, at functions and in the outbox."""

import base64
import http.server
import json
import socketserver
import subprocess
import threading
import urllib.request

from server import Server
from stage import Stage, refused, until

MISSING = "arn:aws:sns:us-east-1:123456789012:none"


def _topic(stage: Stage, name: str = "topic", **attributes) -> str:
    name = stage.name(name)
    if attributes.get("FifoTopic"):
        name += ".fifo"
    return stage.client("sns").create_topic(Name=name, Attributes=attributes)["TopicArn"]


def _queue(stage: Stage, topic: str, **attributes) -> tuple[str, str]:
    """A queue that is subscribed: its URL, and the subscription."""
    name, settings = stage.name("subscriber"), {}
    if topic.endswith(".fifo"):
        name, settings = name + ".fifo", {"FifoQueue": "true"}
    sqs = stage.client("sqs")
    url = sqs.create_queue(QueueName=name, Attributes=settings)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    answer = stage.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    return url, answer["SubscriptionArn"]


def _received(stage: Stage, url: str, count: int = 1) -> list[dict]:
    found: list[dict] = []

    def more() -> list[dict]:
        found.extend(stage.client("sqs").receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1, MessageAttributeNames=["All"]).get("Messages", []))
        return found

    return until(more, lambda it: len(it) >= count, 15)


def wrong_arguments(stage: Stage) -> None:
    """What a subscription, a message or a permission cannot be, in AWS's codes and words."""
    client, topic, fifo = stage.client("sns"), _topic(stage), _topic(stage, FifoTopic="true")
    wrong = "InvalidParameter"
    _, subscription = _queue(stage, topic)

    def policy(says: str, value: dict) -> None:
        refused(wrong, client.set_subscription_attributes, says, SubscriptionArn=subscription,
                AttributeName="FilterPolicy", AttributeValue=json.dumps(value))

    policy("does not support nested filter policy", {"a": {"b": ["c"]}})
    policy("Filter policy can not have more than 5 keys", {str(n): ["a"] for n in range(6)})
    policy("Filter policy is too complex", {"a": [str(n) for n in range(151)]})
    policy("Bottom must be less than top", {"a": [{"numeric": [">", 5, "<", 1]}]})
    client.set_subscription_attributes(
        SubscriptionArn=subscription, AttributeName="FilterPolicyScope", AttributeValue="MessageBody")
    client.set_subscription_attributes(
        SubscriptionArn=subscription, AttributeName="FilterPolicy", AttributeValue=json.dumps({"a": {"b": ["c"]}}))
    refused(wrong, client.set_subscription_attributes, "does not support nested", SubscriptionArn=subscription,
            AttributeName="FilterPolicyScope", AttributeValue="MessageAttributes")
    refused(wrong, client.subscribe, "Invalid protocol type: email", TopicArn=fifo, Protocol="email", Endpoint="a@b.c")
    refused(wrong, client.publish, "x is not valid to publish to", PhoneNumber="x", Message="m")
    refused(wrong, client.publish, "MessageDeduplicationId parameter that is not valid for this topic type",
            TopicArn=topic, Message="m", MessageDeduplicationId="d")
    refused(wrong, client.publish, "MessageGroupId", TopicArn=fifo, Message="m", MessageGroupId="a b",
            MessageDeduplicationId="d")
    refused(wrong, client.add_permission, "Policy statement action out of service scope!",
            TopicArn=topic, Label="l", AWSAccountId=[stage.account], ActionName=["Leap"])
    refused(wrong, client.tag_resource, "Duplicated keys are not allowed.",
            ResourceArn=topic, Tags=[{"Key": "a", "Value": "b"}] * 2)


def topics(stage: Stage) -> None:
    client = stage.client("sns")
    topic = _topic(stage, "made", DisplayName="d")
    name = topic.rsplit(":", 1)[1]
    assert client.create_topic(Name=name, Attributes={"DisplayName": "d"})["TopicArn"] == topic
    refused("InvalidParameter", client.create_topic, "Topic already exists with different attributes",
            Name=name, Attributes={"DisplayName": "e"})
    refused("InvalidParameter", client.create_topic, "Invalid parameter: Topic Name", Name="a b")
    client.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="f")
    attributes = client.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert attributes["DisplayName"] == "f" and attributes["SubscriptionsConfirmed"] == "0", attributes
    client.tag_resource(ResourceArn=topic, Tags=[{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}])
    client.untag_resource(ResourceArn=topic, TagKeys=["a"])
    assert client.list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": "c", "Value": "d"}]
    client.add_permission(TopicArn=topic, Label="l", AWSAccountId=[stage.account], ActionName=["Publish"])
    client.remove_permission(TopicArn=topic, Label="l")
    listed = [it["TopicArn"] for page in client.get_paginator("list_topics").paginate() for it in page["Topics"]]
    assert topic in listed
    client.delete_topic(TopicArn=topic)
    answer = refused("NotFound", client.get_topic_attributes, "Topic does not exist", TopicArn=topic)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 404
    refused("NotFound", client.publish, "Topic does not exist", TopicArn=MISSING, Message="x")
    refused("InvalidParameter", client.publish, "An ARN must have at least 6 elements, not 1", TopicArn="x", Message="x")
    refused("InvalidParameter", client.publish, "Empty message", TopicArn=_topic(stage), Message="")


def queues(stage: Stage) -> None:
    client, topic = stage.client("sns"), _topic(stage)
    url, subscription = _queue(stage, topic)
    raw, _ = _queue(stage, topic, RawMessageDelivery="true")
    given = {"k": {"DataType": "String", "StringValue": "v"}, "b": {"DataType": "Binary", "BinaryValue": b"\x00"}}
    sent = client.publish(TopicArn=topic, Message="hello \"é\"", Subject="s", MessageAttributes=given)
    envelope = json.loads(_received(stage, url)[0]["Body"])
    assert envelope["Type"] == "Notification" and envelope["Message"] == "hello \"é\"", envelope
    assert (envelope["MessageId"], envelope["TopicArn"]) == (sent["MessageId"], topic)
    assert envelope["MessageAttributes"]["k"] == {"Type": "String", "Value": "v"}
    message = _received(stage, raw)[0]
    assert message["Body"] == "hello \"é\"" and message["MessageAttributes"] == given
    client.set_subscription_attributes(
        SubscriptionArn=subscription, AttributeName="RawMessageDelivery", AttributeValue="true")
    attributes = client.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]
    assert attributes["RawMessageDelivery"] == "true" and attributes["PendingConfirmation"] == "false"
    shown = client.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert {it["Protocol"] for it in shown} == {"sqs"} and len(shown) == 2
    client.unsubscribe(SubscriptionArn=subscription)
    refused("NotFound", client.get_subscription_attributes, SubscriptionArn=subscription)
    refused("InvalidParameter", client.subscribe, "does not support this protocol string", TopicArn=topic, Protocol="x")


def filters(stage: Stage) -> None:
    client, topic = stage.client("sns"), _topic(stage)
    red, _ = _queue(stage, topic, RawMessageDelivery="true", FilterPolicy=json.dumps({"colour": ["red"]}))
    body, _ = _queue(stage, topic, RawMessageDelivery="true", FilterPolicyScope="MessageBody",
                     FilterPolicy=json.dumps({"price": [{"numeric": [">", 10]}]}))
    refused("InvalidParameter", client.subscribe, "FilterPolicy", TopicArn=topic, Protocol="sqs",
            Endpoint="arn:aws:sqs:us-east-1:123456789012:q", Attributes={"FilterPolicy": "{"})
    for colour, price in [("red", 5), ("blue", 20), ("red", 30)]:
        client.publish(TopicArn=topic, Message=json.dumps({"price": price}),
                       MessageAttributes={"colour": {"DataType": "String", "StringValue": colour}})
    prices = lambda url: sorted(json.loads(it["Body"])["price"] for it in _received(stage, url, 2))
    assert prices(red) == [5, 30] and prices(body) == [20, 30]


def fifo(stage: Stage) -> None:
    client = stage.client("sns")
    topic = _topic(stage, FifoTopic="true", ContentBasedDeduplication="true")
    url, _ = _queue(stage, topic, RawMessageDelivery="true")
    refused("InvalidParameter", client.publish, "MessageGroupId", TopicArn=topic, Message="x")
    entries = [{"Id": str(n), "Message": f"m{n}", "MessageGroupId": "g"} for n in range(8)]
    answer = client.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
    numbers = [int(it["SequenceNumber"]) for it in answer["Successful"]]
    assert numbers == sorted(numbers) and len(numbers) == 8
    again = client.publish(TopicArn=topic, Message="m0", MessageGroupId="g")
    assert again["MessageId"] == answer["Successful"][0]["MessageId"]
    until(lambda: stage.client("sqs").get_queue_attributes(
        QueueUrl=url, AttributeNames=["All"])["Attributes"]["ApproximateNumberOfMessages"], lambda it: it == "8", 10)
    assert [it["Body"] for it in _received(stage, url, 8)] == [f"m{n}" for n in range(8)]


def batches(stage: Stage) -> None:
    client, topic = stage.client("sns"), _topic(stage)
    answer = client.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[
        {"Id": "a", "Message": "x"}, {"Id": "b", "Message": ""}])
    assert [it["Id"] for it in answer["Successful"]] == ["a"]
    assert [(it["Id"], it["Code"]) for it in answer["Failed"]] == [("b", "InvalidParameter")]
    refused("TooManyEntriesInBatchRequest", client.publish_batch, TopicArn=topic,
            PublishBatchRequestEntries=[{"Id": str(n), "Message": "x"} for n in range(11)])


def signatures(stage: Stage) -> None:
    """The envelope's signature is that of the certificate at its URL, in both versions."""
    client = stage.client("sns")
    for version in ("1", "2"):
        topic = _topic(stage, SignatureVersion=version)
        url, _ = _queue(stage, topic)
        client.publish(TopicArn=topic, Message="signed", Subject="s")
        envelope = json.loads(_received(stage, url)[0]["Body"])
        assert envelope["SignatureVersion"] == version and envelope["Signature"]
        with urllib.request.urlopen(envelope["SigningCertURL"]) as answer:
            certificate = answer.read()
        assert certificate.startswith(b"-----BEGIN CERTIFICATE-----")
        _verify(envelope, certificate)


def _verify(envelope: dict, certificate: bytes) -> None:
    """As far as `cryptography` is installed; a test of the server verifies without it."""
    try:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding
        from cryptography.x509 import load_pem_x509_certificate
    except ImportError:
        return
    members = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
    text = "".join(f"{member}\n{envelope[member]}\n" for member in members if member in envelope)
    digest = hashes.SHA256() if envelope["SignatureVersion"] == "2" else hashes.SHA1()
    load_pem_x509_certificate(certificate).public_key().verify(
        base64.b64decode(envelope["Signature"]), text.encode(), padding.PKCS1v15(), digest)


def web_servers(stage: Stage) -> None:
    """The endpoint is asked, confirms with the URL that it was sent, and gets messages, the first one at the second try."""
    got: list[tuple[dict, str]] = []
    refuse_once = [True]

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            kind = self.headers["x-amz-sns-message-type"]
            refuse = kind == "Notification" and refuse_once and refuse_once.pop()
            self.send_response(500 if refuse else 200)
            self.end_headers()
            got.append((dict(self.headers), body))

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client, topic = stage.client("sns"), _topic(stage)
    answer = client.subscribe(
        TopicArn=topic, Protocol="http", Endpoint=f"http://127.0.0.1:{server.server_port}/hook", Attributes={
            "DeliveryPolicy": json.dumps({"healthyRetryPolicy": {
                "numRetries": 3, "minDelayTarget": 1, "maxDelayTarget": 1}})})
    assert answer["SubscriptionArn"] == "pending confirmation"
    until(lambda: got, lambda it: len(it) == 1, 10)
    asked = json.loads(got[0][1])
    assert asked["Type"] == "SubscriptionConfirmation" and asked["TopicArn"] == topic
    with urllib.request.urlopen(asked["SubscribeURL"]) as response:
        assert b"<SubscriptionArn>" in response.read()
    (shown,) = client.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert shown["SubscriptionArn"].startswith(topic)
    client.publish(TopicArn=topic, Message="hello")
    until(lambda: got, lambda it: len(it) == 3, 15)
    headers, body = got[2]
    assert json.loads(body)["Message"] == "hello"
    assert headers["x-amz-sns-topic-arn"] == topic and headers["x-amz-sns-subscription-arn"] == shown["SubscriptionArn"]
    server.shutdown()


def people(stage: Stage) -> None:
    """Without a mail server, e-mails and text messages are kept in the outbox."""
    client, topic = stage.client("sns"), _topic(stage)
    address = f"{stage.name('someone')}@example.com"
    outbox = lambda: json.load(urllib.request.urlopen(f"{stage.url}/_passo/v1/outbox"))["messages"]
    mine = lambda: [it for it in outbox() if it.get("To") == address]
    client.subscribe(TopicArn=topic, Protocol="email", Endpoint=address)
    (asked,) = until(mine, lambda it: len(it) == 1, 10)
    url = next(word for word in asked["Body"].split() if word.startswith("http"))
    urllib.request.urlopen(url).read()
    client.publish(TopicArn=topic, Message="hello", Subject="s")
    _, told = until(mine, lambda it: len(it) == 2, 10)
    assert (told["Subject"], told["Body"], told["Kind"]) == ("s", "hello", "email")
    number = f"+4915{abs(hash(address)) % 10**8}"
    client.publish(PhoneNumber=number, Message="text")
    until(lambda: [it for it in outbox() if it.get("PhoneNumber") == number], lambda it: len(it) == 1, 10)


def mail_server(stage: Stage) -> None:
    """With `--smtp`, e-mails go to a mail server."""
    mails: list[str] = []

    class Smtp(socketserver.StreamRequestHandler):
        def handle(self):
            say = lambda line: self.wfile.write(line.encode() + b"\r\n")
            say("220 here")
            while line := self.rfile.readline():
                verb = line[:4].upper()
                if verb == b"DATA":
                    say("354 go on")
                    mail = b""
                    while (line := self.rfile.readline()) != b".\r\n":
                        mail += line
                    mails.append(mail.decode())
                say("221 bye" if verb == b"QUIT" else "250 ok")
                if verb == b"QUIT":
                    return

    smtp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp)
    smtp.daemon_threads = True
    threading.Thread(target=smtp.serve_forever, daemon=True).start()
    url = f"smtp://127.0.0.1:{smtp.server_address[1]}"
    server = Server(stage.binary, "--ephemeral", "--port", "0", "--smtp", url)
    try:
        there = stage.on(server.url)
        client, topic = there.client("sns"), _topic(there)
        client.subscribe(TopicArn=topic, Protocol="email", Endpoint="someone@example.com")
        until(lambda: mails, lambda it: len(it) == 1, 10)
        assert "To: someone@example.com" in mails[0] and "Subscription Confirmation" in mails[0], mails[0]
    finally:
        server.kill()
        smtp.shutdown()


def dead_letters(stage: Stage) -> None:
    client, sqs, topic = stage.client("sns"), stage.client("sqs"), _topic(stage)
    dead = sqs.create_queue(QueueName=stage.name("letters"))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    url, _ = _queue(stage, topic, RedrivePolicy=json.dumps({"deadLetterTargetArn": arn}))
    sqs.delete_queue(QueueUrl=url)
    client.publish(TopicArn=topic, Message="lost")
    assert json.loads(_received(stage, dead)[0]["Body"])["Message"] == "lost"


def workflows(stage: Stage) -> None:
    """Tasks that send and publish, and one that does neither."""
    topic = _topic(stage)
    url, _ = _queue(stage, topic, RawMessageDelivery="true")
    task = lambda resource, parameters, **more: {
        "Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters, **more}
    definition = {"StartAt": "Send", "States": {
        "Send": task("sqs:sendMessage", {"QueueUrl": url, "MessageBody": {"a": 1}}, Next="Publish"),
        "Publish": task("sns:publish", {"TopicArn": topic, "Message.$": "$.MessageId"}, End=True)}}
    ended = stage.run(stage.machine(definition))
    assert ended["status"] == "SUCCEEDED", ended
    assert json.loads(ended["output"])["SdkHttpMetadata"]["HttpStatusCode"] == 200
    assert {'{"a":1}'} < {it["Body"] for it in _received(stage, url, 2)}
    for resource, parameters, error in [
        ("sqs:sendMessage", {"QueueUrl": url + "-not", "MessageBody": "x"}, "SQS.QueueDoesNotExistException"),
        ("sns:publish", {"TopicArn": MISSING, "Message": "x"}, "SNS.NotFoundException"),
    ]:
        failed = stage.run(stage.machine({"StartAt": "A", "States": {"A": task(resource, parameters, End=True)}}))
        assert failed["error"] == error, failed


def command_line(stage: Stage) -> None:
    def aws(*arguments: str) -> dict:
        command = ["aws", "--endpoint-url", stage.url, "sns", *arguments, "--output", "json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout else {}

    topic = aws("create-topic", "--name", stage.name("cli"))["TopicArn"]
    url, _ = _queue(stage, topic, RawMessageDelivery="true")
    aws("publish", "--topic-arn", topic, "--message", "hello")
    assert _received(stage, url)[0]["Body"] == "hello"
    aws("delete-topic", "--topic-arn", topic)
