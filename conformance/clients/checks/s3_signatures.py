"""S3 before a server that asks for signatures: in headers, in presigned addresses, and of pieces of bodies."""

import base64
import hashlib
import io
import os
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import boto3
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from server import Server
from stage import CONFIG, Stage, refused

KEY, SECRET = "AKIAEXAMPLEALICE", "a-secret-of-many-characters"
BUCKET = "signed-bucket"


def signatures(stage: Stage) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        keys = Path(scratch, "keys")
        keys.write_text(f"{KEY} {SECRET} {stage.account}\n")
        keys.chmod(0o600)
        server = Server(stage.binary, "--ephemeral", "--port", "0", "--auth", str(keys))
        try:
            client = _client(server, KEY, SECRET)
            client.create_bucket(Bucket=BUCKET)
            _headers(client, server)
            _presigned(client)
            _pieces(client, server)
            _command_line(server, scratch)
        finally:
            server.kill()


def _client(server: Server, key: str, secret: str):
    session = boto3.Session(aws_access_key_id=key, aws_secret_access_key=secret, region_name="us-east-1")
    config = CONFIG.merge(Config(signature_version="s3v4"))
    return session.client("s3", endpoint_url=server.url, config=config)


def _headers(client, server: Server) -> None:
    body = os.urandom(9 << 20)
    client.put_object(Bucket=BUCKET, Key="a b/ü+~", Body=body)
    assert client.get_object(Bucket=BUCKET, Key="a b/ü+~")["Body"].read() == body
    client.upload_fileobj(io.BytesIO(body), BUCKET, "parts")
    assert client.head_object(Bucket=BUCKET, Key="parts")["ContentLength"] == len(body)
    assert [item["Key"] for item in client.list_objects_v2(Bucket=BUCKET)["Contents"]] == ["a b/ü+~", "parts"]
    client.copy_object(Bucket=BUCKET, Key="copy", CopySource={"Bucket": BUCKET, "Key": "a b/ü+~"})
    client.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "copy"}, {"Key": "parts"}]})
    wrong = _client(server, KEY, "another-secret-of-characters")
    refused("SignatureDoesNotMatch", wrong.get_object, Bucket=BUCKET, Key="a b/ü+~")
    refused("SignatureDoesNotMatch", wrong.put_object, Bucket=BUCKET, Key="k", Body=body)
    refused("InvalidAccessKeyId", _client(server, "AKIANOBODY", SECRET).list_buckets)


def _refused_at(address: str, code: str, data: bytes | None = None) -> None:
    try:
        urllib.request.urlopen(urllib.request.Request(address, data, method="PUT" if data else "GET"))
    except urllib.error.HTTPError as error:
        assert code in error.read().decode(), code
        return
    raise AssertionError(f"{code} expected")


def _presigned(client) -> None:
    of = {"Bucket": BUCKET, "Key": "pre signed"}
    put = client.generate_presigned_url("put_object", Params=of)
    urllib.request.urlopen(urllib.request.Request(put, data=b"pre", method="PUT"))
    get = client.generate_presigned_url("get_object", Params=of)
    assert urllib.request.urlopen(get).read() == b"pre"
    _refused_at(get.replace("pre%20signed", "parts"), "SignatureDoesNotMatch")
    _refused_at(get.replace("X-Amz-Signature=", "X-Amz-Signature=00"), "SignatureDoesNotMatch")
    _refused_at(client.generate_presigned_url("get_object", Params=of, ExpiresIn=-1), "AccessDenied")
    _refused_at(get, "SignatureDoesNotMatch", b"other")
    _refused_at(get.split("?")[0], "AccessDenied")


class _Streaming(S3SigV4Auth):
    """Signs a head whose body follows in signed pieces."""

    kind = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"

    def payload(self, request):
        return self.kind

    def sign_piece(self, request, kind: str, previous: str, rest: str) -> str:
        stamp = request.context["timestamp"]
        text = f"AWS4-HMAC-SHA256-{kind}\n{stamp}\n{self.credential_scope(request)}\n{previous}\n{rest}"
        return self.signature(text, request)


class _Trailing(_Streaming):
    kind = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"


def _send(server: Server, key: str, pieces: list[bytes], auth, spoil: str = "") -> None:
    trailing = auth is _Trailing
    signer = auth(Credentials(KEY, SECRET), "s3", "us-east-1")
    length = sum(map(len, pieces))
    headers = {"x-amz-decoded-content-length": str(length), "content-encoding": "aws-chunked"}
    if trailing:
        headers["x-amz-trailer"] = "x-amz-checksum-sha256"
    request = AWSRequest(method="PUT", url=f"{server.url}/{BUCKET}/{key}", headers=headers, data=b"")
    signer.add_auth(request)
    previous = request.headers["Authorization"].rsplit("=", 1)[1]
    nothing, body = hashlib.sha256(b"").hexdigest(), b""
    for piece in [*pieces, b""]:
        previous = signer.sign_piece(request, "PAYLOAD", previous, f"{nothing}\n{hashlib.sha256(piece).hexdigest()}")
        shown = "0" * 64 if spoil == "signature" else previous
        piece = piece.replace(b"a", b"b") if spoil == "bytes" else piece
        body += b"%x;chunk-signature=%s\r\n%s" % (len(piece), shown.encode(), piece)
        body += b"\r\n" if piece else b""
    if trailing:
        sum_of_all = base64.b64encode(hashlib.sha256(b"".join(pieces)).digest()).decode()
        trailer = f"x-amz-checksum-sha256:{sum_of_all}\n"
        signature = signer.sign_piece(request, "TRAILER", previous, hashlib.sha256(trailer.encode()).hexdigest())
        signature = "0" * 64 if spoil == "trailer" else signature
        if spoil != "no trailer":
            body += f"x-amz-checksum-sha256:{sum_of_all}\r\nx-amz-trailer-signature:{signature}\r\n".encode()
    body += b"\r\n"
    headers = {name: value for name, value in request.headers.items()}
    urllib.request.urlopen(urllib.request.Request(request.url, data=body, headers=headers, method="PUT"))


def _pieces(client, server: Server) -> None:
    pieces = [b"a" * 65_536, b"a" * 1024]
    for auth in (_Streaming, _Trailing):
        _send(server, "pieces", pieces, auth)
        assert client.get_object(Bucket=BUCKET, Key="pieces")["Body"].read() == b"".join(pieces)
        client.delete_object(Bucket=BUCKET, Key="pieces")
        for spoil in ("signature", "bytes", *(("trailer", "no trailer") if auth is _Trailing else ())):
            try:
                _send(server, "spoilt", pieces, auth, spoil)
            except urllib.error.HTTPError as error:
                assert error.code == 403 and b"SignatureDoesNotMatch" in error.read(), (auth, spoil)
            else:
                raise AssertionError(f"{auth} {spoil}")
    refused("NoSuchKey", client.get_object, Bucket=BUCKET, Key="spoilt")


def _command_line(server: Server, scratch: str) -> None:
    # Version 1 of the command line still presigns with the old signatures where nobody says otherwise.
    configuration = Path(scratch, "aws-config")
    configuration.write_text("[default]\ns3 =\n  signature_version = s3v4\n")
    environment = {
        **os.environ, "AWS_ENDPOINT_URL": server.url, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_CONFIG_FILE": str(configuration),
    }
    big = Path(scratch, "big")
    big.write_bytes(os.urandom(9 << 20))

    def aws(*arguments: str) -> str:
        command = [shutil.which("aws"), *arguments]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    aws("s3", "cp", str(big), f"s3://{BUCKET}/cli/big", "--no-progress")
    aws("s3", "cp", f"s3://{BUCKET}/cli/big", str(big) + "2", "--no-progress")
    assert big.read_bytes() == Path(str(big) + "2").read_bytes()
    address = aws("s3", "presign", f"s3://{BUCKET}/cli/big", "--region", "us-east-1").strip()
    assert urllib.request.urlopen(address).read() == big.read_bytes()
