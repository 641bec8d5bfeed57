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
