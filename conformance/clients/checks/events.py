"""EventBridge: archives and replays, API destinations, buses of other accounts."""

import http.server
import json
import threading
from datetime import datetime, timedelta, timezone

from stage import Stage, refused, until


def _queue(stage: Stage) -> tuple[str, str]:
    sqs = stage.client("sqs")
    url = sqs.create_queue(QueueName=stage.name("events"))["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def _received(stage: Stage, url: str, count: int) -> list[dict]:
    got: list[dict] = []

    def ask() -> list[dict]:
        answer = stage.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        got.extend(json.loads(message["Body"]) for message in answer.get("Messages", []))
        return got

    return until(ask, lambda messages: len(messages) >= count)


def _bus(stage: Stage) -> str:
    return stage.client("events").create_event_bus(Name=stage.name("bus"))["EventBusArn"]


def _rule(stage: Stage, bus: str, target: dict, source: str = "shop") -> str:
    events, name = stage.client("events"), stage.name("rule")
    arn = events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps({"source": [source]}))["RuleArn"]
    put = events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "t", **target}])
    assert put["FailedEntryCount"] == 0, put
    return arn


def _put(stage: Stage, bus: str, detail: dict) -> None:
    entry = {"Source": "shop", "DetailType": "sold", "Detail": json.dumps(detail), "EventBusName": bus}
    assert stage.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0


def archives_and_replays(stage: Stage) -> None:
    events, bus, archive = stage.client("events"), _bus(stage), stage.name("archive")
    url, queue = _queue(stage)
    made = events.create_archive(ArchiveName=archive, EventSourceArn=bus, RetentionDays=7)
    assert made["State"] == "ENABLED"
    for number in range(3):
        _put(stage, bus, {"n": number})
    shown = events.describe_archive(ArchiveName=archive)
    assert (shown["EventCount"], shown["RetentionDays"]) == (3, 7) and shown["SizeBytes"] > 0
    assert archive in [one["ArchiveName"] for one in events.list_archives(NamePrefix=archive)["Archives"]]
    rule = _rule(stage, bus, {"Arn": queue})
    now, replay = datetime.now(timezone.utc), stage.name("replay")
    span = {"EventStartTime": now - timedelta(hours=1), "EventEndTime": now + timedelta(hours=1)}
    events.start_replay(ReplayName=replay, EventSourceArn=made["ArchiveArn"],
                        Destination={"Arn": bus, "FilterArns": [rule]}, **span)
    got = _received(stage, url, 3)
    assert sorted(event["detail"]["n"] for event in got) == [0, 1, 2]
    assert {event["replay-name"] for event in got} == {replay}
    done = until(lambda: events.describe_replay(ReplayName=replay), lambda it: it["State"] == "COMPLETED")
    assert done["ReplayEndTime"] >= done["ReplayStartTime"]
    assert replay in [one["ReplayName"] for one in events.list_replays(State="COMPLETED")["Replays"]]
    refused("IllegalStatusException", events.cancel_replay, ReplayName=replay)
    events.update_archive(ArchiveName=archive, Description="d")
    assert events.describe_archive(ArchiveName=archive)["Description"] == "d"
    events.delete_archive(ArchiveName=archive)
    refused("ResourceNotFoundException", events.describe_archive, f"Archive {archive} does not exist.",
            ArchiveName=archive)


def api_destinations(stage: Stage) -> None:
    """Events arrive with the connection's key, no more than one in a second."""
    got: list[tuple[str, str, dict, dict]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_PUT(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            got.append((self.path, self.headers["x-key"], dict(self.headers), json.loads(body)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    events, bus, name = stage.client("events"), _bus(stage), stage.name("destination")
    connection = events.create_connection(
        Name=name, AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "x-key", "ApiKeyValue": "secret"}})["ConnectionArn"]
    made = events.create_api_destination(
        Name=name, ConnectionArn=connection, HttpMethod="PUT", InvocationRateLimitPerSecond=1,
        InvocationEndpoint=f"http://127.0.0.1:{server.server_port}/*/sold")
    assert made["ApiDestinationState"] == "ACTIVE"
    _rule(stage, bus, {"Arn": made["ApiDestinationArn"], "InputPath": "$.detail", "HttpParameters": {
        "PathParameterValues": ["a b"], "QueryStringParameters": {"q": "1"}, "HeaderParameters": {"X-More": "m"}}})
    for number in range(2):
        _put(stage, bus, {"n": number})
    until(lambda: got, lambda it: len(it) == 2)
    server.shutdown()
    path, key, headers, _ = got[0]
    assert (path, key) == ("/a%20b/sold?q=1", "secret"), got[0]
    assert {name.lower(): value for name, value in headers.items()}["x-more"] == "m"
    assert sorted(body["n"] for _, _, _, body in got) == [0, 1]
    events.update_api_destination(Name=name, InvocationRateLimitPerSecond=5, Description="d")
    shown = events.describe_api_destination(Name=name)
    assert (shown["InvocationRateLimitPerSecond"], shown["Description"]) == (5, "d")
    listed = events.list_api_destinations(ConnectionArn=connection)["ApiDestinations"]
    assert [one["Name"] for one in listed] == [name]
    events.delete_api_destination(Name=name)
    refused("ResourceNotFoundException", events.describe_api_destination, Name=name)


def other_accounts(stage: Stage) -> None:
    bus, (url, queue) = _bus(stage), _queue(stage)
    _rule(stage, bus, {"Arn": queue})
    stranger = stage.elsewhere(account="210987654321")
    _put(stranger, bus, {"from": "afar"})
    # And by way of a rule of theirs.
    own = _bus(stranger)
    _rule(stranger, own, {"Arn": bus})
    _put(stranger, own, {"from": "rule"})
    got = _received(stage, url, 2)
    assert {event["account"] for event in got} == {"210987654321"}
    assert sorted(event["detail"]["from"] for event in got) == ["afar", "rule"]


def patterns(stage: Stage) -> None:
    """Every operator, by `TestEventPattern`; and what is no pattern."""
    client = stage.client("events")
    detail = {"a": "abc", "n": 5, "ip": "10.1.2.3", "list": ["p", "q"], "o": {"k": None}}
    event = {"id": "1", "detail-type": "d", "source": "s", "account": "1", "time": "2020-01-01T00:00:00Z",
             "region": "r", "resources": ["x"], "detail": detail}

    def fits(pattern: dict) -> bool:
        return client.test_event_pattern(EventPattern=json.dumps(pattern), Event=json.dumps(event))["Result"]

    for field, matcher, expect in [
        ("a", "abc", True), ("a", {"prefix": "ab"}, True), ("a", {"suffix": {"equals-ignore-case": "BC"}}, True),
        ("a", {"equals-ignore-case": "ABC"}, True), ("a", {"wildcard": "a*c"}, True), ("a", {"exists": False}, False),
        ("a", {"anything-but": "abc"}, False), ("a", {"anything-but": {"prefix": ["x", "ab"]}}, False),
        ("a", {"anything-but": {"suffix": "x"}}, True), ("a", {"anything-but": {"wildcard": "*b*"}}, False),
        ("a", {"anything-but": {"equals-ignore-case": "ABC"}}, False), ("list", {"anything-but": "q"}, True),
        ("n", {"numeric": [">", 0, "<=", 5]}, True), ("n", {"numeric": ["<", 5]}, False),
        ("ip", {"cidr": "10.0.0.0/8"}, True), ("list", "q", True), ("none", {"exists": False}, True),
    ]:
        assert fits({"detail": {field: [matcher]}}) is expect, (field, matcher)
    assert fits({"$or": [{"source": ["t"]}, {"detail": {"n": [5]}}]})
    assert fits({"detail": {"o": {"k": [None]}}})
    for matcher, says in [
        ({"numeric": [">", 5, "<", 1]}, "Bottom must be less than top"),
        ({"numeric": ["=", 1, "=", 2]}, "Too many elements in numeric expression"),
        ({"leap": 1}, "Unrecognized match type leap"),
    ]:
        refused("InvalidEventPatternException", client.test_event_pattern, says,
                EventPattern=json.dumps({"detail": {"n": [matcher]}}), Event=json.dumps(event))


def wrong_arguments(stage: Stage) -> None:
    """What rules, targets and archives cannot be: the whole request is refused, in AWS's words."""
    client, name, (_, queue) = stage.client("events"), stage.name("rule"), _queue(stage)
    wrong, pattern = "ValidationException", '{"source":["a"]}'
    refused(wrong, client.put_rule, "Member must satisfy enum value set: [ENABLED, DISABLED",
            Name=name, EventPattern=pattern, State="LOOSE")
    refused(wrong, client.put_rule, "Member must have length less than or equal to 512",
            Name=name, EventPattern=pattern, Description="d" * 513)
    refused(wrong, client.list_archives, "At most one filter is allowed for ListArchives.", NamePrefix="a", State="ENABLED")
    client.put_rule(Name=name, EventPattern=pattern)

    def target(says: str, **target) -> None:
        refused(wrong, client.put_targets, says, Rule=name, Targets=[{"Id": "t", "Arn": queue, **target}])

    def template(paths: dict, text: str) -> dict:
        return {"InputTransformer": {"InputPathsMap": paths, "InputTemplate": text}}

    target("Provided Arn is not in correct format.", Arn="x")
    target("Parameter(s) SqsParameters must be specified for target: t.", Arn=queue + ".fifo")
    target("RoleArn is required for target", Arn="arn:aws:kinesis:us-east-1:123456789012:stream/s")
    target("Only one of Input, InputPath, or InputTransformer", Input="{}", InputPath="$.a")
    target("JSON syntax error in input for target t", Input="x")
    target("InputTemplate for target t contains invalid placeholder b.", **template({"a": "$.a"}, '{"x": <b>}'))
    target("AWS.x", **template({"AWS.x": "$.a"}, "<AWS.x>"))
    target("'targets.1.member.retryPolicy.maximumRetryAttempts'", RetryPolicy={"MaximumRetryAttempts": 186})
    assert client.list_targets_by_rule(Rule=name)["Targets"] == []


def inputs(stage: Stage) -> None:
    """What a target gets: the event, a part, a constant, or a template with paths and with what the rule knows."""
    bus, (url, queue), got = _bus(stage), _queue(stage), {}
    paths = {"n": "$.detail.n", "text": "$.detail.text", "all": "$.detail"}
    own = '{"rule": <aws.events.rule-name>, "arn": "<aws.events.rule-arn>", "event": <aws.events.event.json>}'
    targets = {
        "part": {"InputPath": "$.detail.list"},
        "constant": {"Input": '{"c": 1}'},
        "template": {"InputTransformer": {
            "InputPathsMap": paths, "InputTemplate": '{"n": <n>, "said": "it says <text>", "all": <all>}'}},
        "own": {"InputTransformer": {"InputPathsMap": {}, "InputTemplate": own}},
    }
    detail = {"n": 5, "text": 'a "b"', "list": [1, 2]}
    for name, target in targets.items():
        rule = _rule(stage, bus, {"Arn": queue, **target}, source=name)
        entry = {"Source": name, "DetailType": "t", "Detail": json.dumps(detail), "EventBusName": bus}
        stage.client("events").put_events(Entries=[entry])
        received = until(lambda: stage.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages"), bool)
        stage.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=received[0]["ReceiptHandle"])
        got[name] = json.loads(received[0]["Body"])
    assert (got["part"], got["constant"]) == ([1, 2], {"c": 1})
    assert got["template"] == {"n": 5, "said": 'it says a "b"', "all": detail}, got
    assert got["own"]["arn"] == rule and got["own"]["rule"] == rule.rsplit("/", 1)[1]
    assert got["own"]["event"]["detail"] == detail
