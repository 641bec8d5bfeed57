"""S3: forms of browsers, as `generate_presigned_post` makes them, before a server that believes and one that asks."""

import os
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config

from server import Server
from stage import CONFIG, Stage

KEY, SECRET = "AKIAEXAMPLEALICE", "a-secret-of-many-characters"


def _multipart(fields: dict, file: bytes, name: str) -> tuple[bytes, str]:
    boundary = "form-boundary-0123456789"
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items())
    body += (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
             "Content-Type: text/plain\r\n\r\n").encode()
    return body + file + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def _post(url: str, fields: dict, file: bytes, name: str = "f.txt"):
    """Status, headers and body of the answer."""
    body, kind = _multipart(fields, file, name)
    request = urllib.request.Request(url, data=body, headers={"Content-Type": kind}, method="POST")
    try:
        answer = urllib.request.build_opener(_Stay).open(request)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer.headers, answer.read().decode()


def _forms(client, bucket: str, signer=None) -> None:
    """Forms that `signer` signs; `client` looks at what came of them."""
    is_asked, signer = signer is None, signer or client

    def form(key: str, fields: dict | None = None, more: list | None = None, expires: int = 60) -> tuple[str, dict]:
        fields = fields or {}
        conditions = [{name: value} for name, value in fields.items()] + (more or [])
        made = signer.generate_presigned_post(bucket, key, Fields=fields, Conditions=conditions, ExpiresIn=expires)
        return made["url"], made["fields"]

    url, fields = form("up/${filename}", {"Content-Type": "text/css", "x-amz-meta-a": "b",
                                          "tagging": "<Tagging><TagSet><Tag><Key>k</Key><Value>v w</Value></Tag></TagSet></Tagging>"})
    # A file with what looks like a delimiter, and more than one piece.
    file = os.urandom(3 << 20) + b"\r\n--form-boundary-012345678\r\n"
    status, headers, body = _post(url, fields, file, "C:\\files\\a b.css")
    assert (status, body) == (204, ""), (status, body)
    got = client.get_object(Bucket=bucket, Key="up/a b.css")
    assert got["Body"].read() == file and got["ContentType"] == "text/css" and got["Metadata"] == {"a": "b"}, got
    assert headers["ETag"] == got["ETag"], headers
    tags = client.get_object_tagging(Bucket=bucket, Key="up/a b.css")["TagSet"]
    assert tags == [{"Key": "k", "Value": "v w"}], tags

    url, fields = form("k", {"success_action_status": "201"})
    status, headers, body = _post(url, fields, b"one")
    assert status == 201 and "<Key>k</Key>" in body and f"<Bucket>{bucket}</Bucket>" in body, (status, body)
    assert headers["Location"].endswith(f"{bucket}/k"), headers
    url, fields = form("k", {"success_action_status": "200"})
    assert _post(url, fields, b"one")[0] == 200
    url, fields = form("k", {"success_action_redirect": "http://there.example/?x=1"})
    status, headers, _ = _post(url, fields, b"one")
    assert status == 303, status
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(headers["Location"]).query)
    assert query["bucket"] == [bucket] and query["key"] == ["k"] and query["x"] == ["1"], query

    def refused(code: str, says: str, made: tuple[str, dict], change: dict | None = None, file: bytes = b"0123456789"):
        status, _, body = _post(made[0], {**made[1], **(change or {})}, file)
        assert f"<Code>{code}</Code>" in body and says in body, (code, status, body)

    between = [["content-length-range", 2, 9]]
    refused("EntityTooLarge", "", form("r", more=between))
    refused("EntityTooSmall", "", form("r", more=between), file=b"1")
    refused("AccessDenied", "Policy expired", form("r", expires=-1))
    refused("AccessDenied", "Policy Condition failed", form("r"), {"key": "other"})
    refused("AccessDenied", "Extra input fields: x-amz-meta-b", form("r"), {"x-amz-meta-b": "c"})
    refused("SignatureDoesNotMatch" if is_asked else "InvalidPolicyDocument", "", form("r"), {"policy": "e30="})
    missing = form("r")
    missing[1].pop("key")
    refused("InvalidArgument", "field named 'key'", missing)
    assert client.list_objects_v2(Bucket=bucket, Prefix="r")["KeyCount"] == 0


def believed(stage: Stage) -> None:
    for version in ("s3", "s3v4"):
        config = CONFIG.merge(Config(signature_version=version))
        client = stage.session.client("s3", config=config)
        # A head that is signed by version 2 names nobody: the bucket is made by who signs by version 4.
        bucket = stage.name("forms")
        stage.client("s3").create_bucket(Bucket=bucket)
        _forms(stage.client("s3"), bucket, client)


def asked(stage: Stage) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        keys = Path(scratch, "keys")
        keys.write_text(f"{KEY} {SECRET} {stage.account}\n")
        keys.chmod(0o600)
        server = Server(stage.binary, "--ephemeral", "--port", "0", "--auth", str(keys))
        try:
            def client(secret: str):
                session = boto3.Session(aws_access_key_id=KEY, aws_secret_access_key=secret, region_name="us-east-1")
                config = CONFIG.merge(Config(signature_version="s3v4"))
                return session.client("s3", endpoint_url=server.url, config=config)

            owner = client(SECRET)
            owner.create_bucket(Bucket="signed-forms")
            _forms(owner, "signed-forms")
            wrong = client("another-secret").generate_presigned_post("signed-forms", "k2")
            status, _, body = _post(wrong["url"], wrong["fields"], b"x")
            assert status == 403 and "SignatureDoesNotMatch" in body, body
            status, _, body = _post(wrong["url"], {"key": "k2"}, b"x")
            assert status == 403 and "AccessDenied" in body, body
            # A form for a key is no form: it has no signature at all.
            status, _, body = _post(f"{wrong['url']}/k2", wrong["fields"], b"x")
            assert status == 403 and "AccessDenied" in body, body
            assert owner.list_objects_v2(Bucket="signed-forms", Prefix="k2")["KeyCount"] == 0
        finally:
            server.kill()
