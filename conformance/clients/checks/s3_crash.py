"""S3 under `kill -9`, in the middle of puts and of completed uploads: what was answered is there, whole; nothing is torn."""

import hashlib
import os
import random
import tempfile
import threading
import time
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from server import Server
from stage import Stage

BUCKET = "crash-bucket"
KEYS = [f"key/{number}" for number in range(6)]
PART = 5 << 20


class _Writer(threading.Thread):
    """Writes one key again and again, remembering what was answered and what was on its way."""

    def __init__(self, client, key: str, before: set[str]):
        super().__init__(daemon=True)
        self.client, self.key, self.answered, self.possible = client, key, 0, set(before)

    def run(self) -> None:
        while True:
            body = os.urandom(random.randrange(1, 300_000))
            in_parts = random.random() < 0.3
            body = body + os.urandom(PART) if in_parts else body
            name = hashlib.sha256(body).hexdigest()
            self.possible.add(name)
            try:
                self._upload(body) if in_parts else self.client.put_object(Bucket=BUCKET, Key=self.key, Body=body)
            except (BotoCoreError, ClientError):
                return
            self.answered, self.possible = self.answered + 1, {name}

    def _upload(self, body: bytes) -> None:
        upload = self.client.create_multipart_upload(Bucket=BUCKET, Key=self.key)["UploadId"]
        of = {"Bucket": BUCKET, "Key": self.key, "UploadId": upload}
        parts = [self.client.upload_part(**of, PartNumber=number, Body=piece)["ETag"]
                 for number, piece in ((1, body[:PART]), (2, body[PART:]))]
        self.client.complete_multipart_upload(**of, MultipartUpload={
            "Parts": [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(parts, 1)]})


def kills(stage: Stage) -> None:
    random.seed(7)
    with tempfile.TemporaryDirectory() as data:
        known: dict[str, set[str]] = {key: {"nothing"} for key in KEYS}
        answered = 0
        for _ in range(4):
            server = Server(stage.binary, "--data", data, "--port", "0")
            try:
                answered += _until_killed(stage.on(server.url).client("s3"), server, known)
            finally:
                server.kill()
        assert answered > 0, "nothing was written"
        _without_orphans(stage, data, known)


def _until_killed(client, server: Server, known: dict[str, set[str]]) -> int:
    """Looks whether everything is as it was left, writes on, and kills the server."""
    client.create_bucket(Bucket=BUCKET)
    for key in KEYS:
        known[key] = {_seen(client, key, known[key])}
    writers = [_Writer(client, key, known[key]) for key in KEYS]
    for writer in writers:
        writer.start()
    time.sleep(random.uniform(0.3, 1.2))
    server.kill()
    for writer in writers:
        writer.join(30)
        known[writer.key] = writer.possible
    return sum(writer.answered for writer in writers)


def _seen(client, key: str, possible: set[str]) -> str:
    try:
        body = client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    except client.exceptions.NoSuchKey:
        name = "nothing"
    else:
        name = hashlib.sha256(body).hexdigest()
    assert name in possible, f"{key} is {name}, not one of {possible}"
    return name


def _without_orphans(stage: Stage, data: str, known: dict[str, set[str]]) -> None:
    """Once objects and uploads are gone, so are all files."""
    server = Server(stage.binary, "--data", data, "--port", "0")
    try:
        client = stage.on(server.url).client("s3")
        for key in KEYS:
            _seen(client, key, known[key])
            client.delete_object(Bucket=BUCKET, Key=key)
        for upload in client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []):
            client.abort_multipart_upload(Bucket=BUCKET, Key=upload["Key"], UploadId=upload["UploadId"])
        files = [path for path in Path(data).glob("**/s3/bodies/**/*") if path.is_file()]
        files += [path for path in Path(data).glob("**/s3/temporary/*") if path.is_file()]
        assert not files, files
    finally:
        server.kill()
