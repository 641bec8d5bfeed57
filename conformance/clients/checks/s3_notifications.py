"""S3's event notifications: who is told, what is told, and what configurations are refused."""

import io
import json
import zipfile

from stage import ROLE, Stage, refused, until


def _bucket(stage: Stage) -> str:
    name = stage.name("telling")
    stage.client("s3").create_bucket(Bucket=name)
    return name


def _queue(stage: Stage) -> tuple[str, str]:
    sqs = stage.client("sqs")
    url = sqs.create_queue(QueueName=stage.name("told"))["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def _told(stage: Stage, url: str, count: int) -> list[dict]:
    """Bodies of messages, in the order of their sequencers where they have one."""
    sqs, found = stage.client("sqs"), []

    def more() -> list[dict]:
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append(json.loads(message["Body"]))
        return found

    until(more, lambda it: len(it) >= count, 15)
    assert len(found) == count, found
    return found


def _put(stage: Stage, bucket: str, **configuration) -> None:
    stage.client("s3").put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=configuration)


def _filter(prefix: str, suffix: str) -> dict:
    return {"Key": {"FilterRules": [{"Name": "prefix", "Value": prefix}, {"Name": "suffix", "Value": suffix}]}}


def queues(stage: Stage) -> None:
    client, bucket, (url, arn) = stage.client("s3"), _bucket(stage), _queue(stage)
    events = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectTagging:*"]
    _put(stage, bucket, QueueConfigurations=[
        {"Id": "mine", "QueueArn": arn, "Events": events, "Filter": _filter("in/", ".txt")}])
    [test] = _told(stage, url, 1)
    assert (test["Service"], test["Event"], test["Bucket"]) == ("Amazon S3", "s3:TestEvent", bucket), test
    kept = client.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"]
    assert kept[0]["Id"] == "mine" and kept[0]["Events"] == events, kept
    key = "in/a b.txt"
    client.put_object(Bucket=bucket, Key="out/a.txt", Body=b"1")
    put = client.put_object(Bucket=bucket, Key=key, Body=b"hello")
    client.put_object_tagging(Bucket=bucket, Key=key, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    client.delete_object_tagging(Bucket=bucket, Key=key)
    client.copy_object(Bucket=bucket, Key="in/copy.txt", CopySource={"Bucket": bucket, "Key": key})
    upload = client.create_multipart_upload(Bucket=bucket, Key="in/parts.txt")["UploadId"]
    of = {"Bucket": bucket, "Key": "in/parts.txt", "UploadId": upload}
    part = client.upload_part(**of, PartNumber=1, Body=b"parts")
    client.complete_multipart_upload(**of, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    client.delete_object(Bucket=bucket, Key=key)
    client.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "in/copy.txt"}, {"Key": "in/none.txt"}]})
    found = [message["Records"][0] for message in _told(stage, url, 7)]
    names = sorted((record["eventName"], record["s3"]["object"]["key"]) for record in found)
    assert names == [
        ("ObjectCreated:CompleteMultipartUpload", "in/parts.txt"),
        ("ObjectCreated:Copy", "in/copy.txt"),
        ("ObjectCreated:Put", "in/a+b.txt"),
        ("ObjectRemoved:Delete", "in/a+b.txt"),
        ("ObjectRemoved:Delete", "in/copy.txt"),
        ("ObjectTagging:Delete", "in/a+b.txt"),
        ("ObjectTagging:Put", "in/a+b.txt"),
    ], names
    created = next(record for record in found if record["eventName"] == "ObjectCreated:Put")
    s3 = created["s3"]
    assert s3["object"]["size"] == 5 and f'"{s3["object"]["eTag"]}"' == put["ETag"], created
    assert s3["configurationId"] == "mine" and s3["bucket"]["arn"] == f"arn:aws:s3:::{bucket}", created
    assert created["awsRegion"] == stage.region and created["eventSource"] == "aws:s3", created
    assert created["responseElements"]["x-amz-request-id"] == put["ResponseMetadata"]["RequestId"], created
    removed = next(record for record in found if record["eventName"] == "ObjectRemoved:Delete"
                   and record["s3"]["object"]["key"] == "in/a+b.txt")
    assert removed["s3"]["object"]["sequencer"] > s3["object"]["sequencer"], removed
    _put(stage, bucket)
    answer = client.get_bucket_notification_configuration(Bucket=bucket)
    assert set(answer) == {"ResponseMetadata"}, answer


CALLED = """
import boto3, json, os
def handler(event, context):
    boto3.client("sqs", region_name=os.environ["AWS_REGION"]).send_message(
        QueueUrl=os.environ["QUEUE"], MessageBody=json.dumps(event))
"""


def functions(stage: Stage) -> None:
    client, bucket, (url, _) = stage.client("s3"), _bucket(stage), _queue(stage)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.py", CALLED)
    function = stage.client("lambda").create_function(
        FunctionName=stage.name("called"), Runtime="python3.12", Role=ROLE, Handler="index.handler",
        Code={"ZipFile": archive.getvalue()}, Timeout=20, Environment={"Variables": {"QUEUE": url}})["FunctionArn"]
    _put(stage, bucket, LambdaFunctionConfigurations=[
        {"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:Put"]}])
    client.put_object(Bucket=bucket, Key="k", Body=b"1")
    [event] = _told(stage, url, 1)
    assert event["Records"][0]["s3"]["object"]["key"] == "k", event


def topics(stage: Stage) -> None:
    client, bucket, (url, arn) = stage.client("s3"), _bucket(stage), _queue(stage)
    topic = stage.client("sns").create_topic(Name=stage.name("topic"))["TopicArn"]
    stage.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    _put(stage, bucket, TopicConfigurations=[{"TopicArn": topic, "Events": ["s3:ObjectCreated:Put"]}])
    client.put_object(Bucket=bucket, Key="k", Body=b"1")
    found = _told(stage, url, 2)
    assert {message["Subject"] for message in found} == {"Amazon S3 Notification"}, found
    records = [json.loads(message["Message"]).get("Records") for message in found]
    assert any(it and it[0]["eventName"] == "ObjectCreated:Put" for it in records), found


def event_bridge(stage: Stage) -> None:
    client, bucket, (url, arn) = stage.client("s3"), _bucket(stage), _queue(stage)
    events, rule = stage.client("events"), stage.name("rule")
    events.put_rule(Name=rule, EventPattern=json.dumps({
        "source": ["aws.s3"], "detail": {"bucket": {"name": [bucket]}}}))
    events.put_targets(Rule=rule, Targets=[{"Id": "q", "Arn": arn}])
    client.put_object(Bucket=bucket, Key="before", Body=b"1")
    _put(stage, bucket, EventBridgeConfiguration={})
    assert "EventBridgeConfiguration" in client.get_bucket_notification_configuration(Bucket=bucket)
    client.put_object(Bucket=bucket, Key="a b", Body=b"123")
    client.delete_object(Bucket=bucket, Key="a b")
    created, deleted = sorted(_told(stage, url, 2), key=lambda event: event["detail-type"])
    assert created["detail-type"] == "Object Created" and created["resources"] == [f"arn:aws:s3:::{bucket}"], created
    detail = created["detail"]
    assert detail["reason"] == "PutObject" and detail["object"]["key"] == "a b", detail
    assert detail["object"]["size"] == 3 and detail["requester"] == stage.account, detail
    assert deleted["detail-type"] == "Object Deleted", deleted
    assert deleted["detail"]["deletion-type"] == "Permanently Deleted", deleted
    events.remove_targets(Rule=rule, Ids=["q"])
    events.delete_rule(Name=rule)


def refusals(stage: Stage) -> None:
    bucket, (_, arn) = _bucket(stage), _queue(stage)

    def wrong(says: str, *rules: dict, code: str = "InvalidArgument") -> None:
        refused(code, stage.client("s3").put_bucket_notification_configuration, says, Bucket=bucket,
                NotificationConfiguration={"QueueConfigurations": list(rules)})

    def rule(queue: str = arn, event: str = "s3:ObjectCreated:*", **more) -> dict:
        return {"QueueArn": queue, "Events": [event], **more}

    wrong("Unable to validate the following destination", rule(arn + "-none"))
    wrong("not well formed", rule("arn:aws:sns:us-east-1:123456789012:t"))
    wrong("region is not valid", rule(arn.replace("us-east-1", "eu-west-1")))
    wrong("FIFO", rule(arn + ".fifo"))
    wrong("not supported", rule(event="s3:ObjectEaten:*"))
    wrong("Configurations overlap", rule(), rule(event="s3:ObjectCreated:Put"))
    wrong("ambiguously defined", rule(Filter=_filter("a", "")), rule(Filter=_filter("ab", "")))
    function = f"arn:aws:lambda:us-east-1:{stage.account}:function:there-is-none"
    configuration = {"LambdaFunctionConfigurations": [
        {"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}]}
    put = stage.client("s3").put_bucket_notification_configuration
    refused("InvalidArgument", put, "Unable to validate", Bucket=bucket, NotificationConfiguration=configuration)
    put(Bucket=bucket, NotificationConfiguration=configuration, SkipDestinationValidation=True)
    refused("NoSuchBucket", put, Bucket="there-is-no-such", NotificationConfiguration={})
