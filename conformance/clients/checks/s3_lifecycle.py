"""S3's lifecycle rules, on a virtual clock: what goes, and when."""

import json
import urllib.request

from server import Server
from stage import Stage, refused, until


def _clock(server: Server, **change) -> dict:
    request = urllib.request.Request(
        f"{server.url}/_passo/v1/clock", json.dumps(change).encode(), {"Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request))


def _keys(client, bucket: str) -> list[str]:
    return [item["Key"] for item in client.list_objects_v2(Bucket=bucket).get("Contents", [])]


def _versions(client, bucket: str) -> tuple[int, int]:
    page = client.list_object_versions(Bucket=bucket)
    return len(page.get("Versions", [])), len(page.get("DeleteMarkers", []))


def _set(client, bucket: str, *rules: dict) -> None:
    client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={
        "Rules": [{"Status": "Enabled", "Filter": {"Prefix": ""}, **rule} for rule in rules]})


def ends(stage: Stage) -> None:
    server = Server(stage.binary, "--ephemeral", "--port", "0", "--clock", "virtual")
    try:
        _clock(server, jumps=False)
        client = stage.on(server.url).client("s3")
        _plain(client, server)
        _versioned(client, server)
    finally:
        server.kill()


def _plain(client, server: Server) -> None:
    bucket = "plain-bucket"
    client.create_bucket(Bucket=bucket)
    _set(client, bucket,
         {"ID": "logs", "Filter": {"Prefix": "log/"}, "Expiration": {"Days": 2}},
         {"ID": "uploads", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}})
    for key in ("log/1", "other"):
        client.put_object(Bucket=bucket, Key=key, Body=b"1")
    client.create_multipart_upload(Bucket=bucket, Key="never")
    assert 'rule-id="logs"' in client.head_object(Bucket=bucket, Key="log/1")["Expiration"]
    assert "Expiration" not in client.head_object(Bucket=bucket, Key="other")
    _clock(server, advance="P1D")
    assert len(_keys(client, bucket)) == 2
    _clock(server, advance="P1D")
    until(lambda: client.list_multipart_uploads(Bucket=bucket), lambda page: "Uploads" not in page)
    _clock(server, advance="P1D")
    until(lambda: _keys(client, bucket), lambda keys: keys == ["other"])


def _versioned(client, server: Server) -> None:
    bucket = "versioned-bucket"
    client.create_bucket(Bucket=bucket)
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for number in range(4):
        client.put_object(Bucket=bucket, Key="k", Body=b"%d" % number)
    _set(client, bucket, {"NoncurrentVersionExpiration": {"NoncurrentDays": 1, "NewerNoncurrentVersions": 1}})
    _clock(server, advance="P2D")
    until(lambda: _versions(client, bucket), lambda found: found == (2, 0))
    _set(client, bucket, {"Expiration": {"Days": 1}, "NoncurrentVersionExpiration": {"NoncurrentDays": 1}})
    until(lambda: _versions(client, bucket), lambda found: found == (1, 1))
    assert _keys(client, bucket) == []
    _clock(server, advance="P2D")
    until(lambda: _versions(client, bucket), lambda found: found[0] == 0)
    _set(client, bucket, {"Expiration": {"ExpiredObjectDeleteMarker": True}})
    until(lambda: _versions(client, bucket), lambda found: found == (0, 0))
    client.delete_bucket(Bucket=bucket)


def refusals(stage: Stage) -> None:
    client, bucket = stage.client("s3"), stage.name("lifecycle")
    client.create_bucket(Bucket=bucket)

    def wrong(code: str, says: str, *rules: dict) -> None:
        refused(code, lambda: _set(client, bucket, *rules), says)

    expires = {"Expiration": {"Days": 1}}
    wrong("InvalidRequest", "At least one action", {})
    wrong("InvalidArgument", "positive integer", {"Expiration": {"Days": 0}})
    wrong("InvalidArgument", "midnight", {"Expiration": {"Date": "2030-01-01T01:00:00Z"}})
    wrong("InvalidArgument", "must be unique", {"ID": "a", **expires}, {"ID": "a", **expires})
    _set(client, bucket, expires)
    [rule] = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert rule["ID"] and rule["Expiration"] == {"Days": 1} and rule["Status"] == "Enabled", rule
    client.delete_bucket_lifecycle(Bucket=bucket)
    refused("NoSuchLifecycleConfiguration", client.get_bucket_lifecycle_configuration, Bucket=bucket)
