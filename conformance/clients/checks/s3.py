"""S3: objects, lists, uploads in parts, presigned requests. boto3 sends and checks checksums itself."""

import io
import os
import urllib.request

from botocore.config import Config

from stage import CONFIG, Stage, refused


def _bucket(stage: Stage) -> str:
    name = stage.name("bucket")
    stage.client("s3").create_bucket(Bucket=name)
    return name


def _body(stage: Stage, bucket: str, key: str, **options) -> bytes:
    return stage.client("s3").get_object(Bucket=bucket, Key=key, **options)["Body"].read()


def objects(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage)
    client.put_object(Bucket=bucket, Key="a/b c", Body=b"hello", Metadata={"x": "y"}, Tagging="k=v")
    got = client.get_object(Bucket=bucket, Key="a/b c")
    assert got["Body"].read() == b"hello" and got["Metadata"] == {"x": "y"} and got["TagCount"] == 1, got
    assert _body(stage, bucket, "a/b c", Range="bytes=1-3") == b"ell"
    assert client.head_object(Bucket=bucket, Key="a/b c")["ContentLength"] == 5
    client.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "a/b c"})
    assert client.head_object(Bucket=bucket, Key="copy")["Metadata"] == {"x": "y"}
    refused("NoSuchKey", client.get_object, Bucket=bucket, Key="none")
    refused("NoSuchBucket", client.get_object, Bucket="there-is-no-such", Key="none")
    refused("PreconditionFailed", client.put_object, Bucket=bucket, Key="copy", Body=b"", IfNoneMatch="*")
    refused("304", client.get_object, Bucket=bucket, Key="copy", IfNoneMatch=got["ETag"])
    refused("InvalidRange", client.get_object, Bucket=bucket, Key="copy", Range="bytes=9-")
    refused("BadDigest", client.put_object, Bucket=bucket, Key="z", Body=b"x", ChecksumCRC32="AAAAAA==")
    refused("BucketNotEmpty", client.delete_bucket, Bucket=bucket)
    other = stage.elsewhere(account="210987654321").client("s3")
    refused("AccessDenied", other.get_object, Bucket=bucket, Key="copy")
    deleted = client.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a/b c"}, {"Key": "copy"}]})
    assert len(deleted["Deleted"]) == 2
    client.delete_bucket(Bucket=bucket)
    refused("404", client.head_bucket, Bucket=bucket)


def lists(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage)
    wanted = sorted(f"l/{number:02}/x y" for number in range(12))
    for key in reversed(wanted):
        client.put_object(Bucket=bucket, Key=key, Body=b"1")
    for version in ("list_objects", "list_objects_v2"):
        pages = client.get_paginator(version).paginate(Bucket=bucket, PaginationConfig={"PageSize": 5})
        assert [item["Key"] for page in pages for item in page["Contents"]] == wanted, version
        pages = client.get_paginator(version).paginate(
            Bucket=bucket, Prefix="l/", Delimiter="/", PaginationConfig={"PageSize": 5})
        folded = [item["Prefix"] for page in pages for item in page.get("CommonPrefixes", [])]
        assert folded == [key[:5] for key in wanted], version


def large(stage: Stage) -> None:
    """100 MB in one piece and in parts."""
    client, bucket = stage.client("s3"), _bucket(stage)
    body = os.urandom(1 << 20) * 100
    client.upload_fileobj(io.BytesIO(body), bucket, "parts")
    got = io.BytesIO()
    client.download_fileobj(bucket, "parts", got)
    assert got.getvalue() == body
    client.put_object(Bucket=bucket, Key="whole", Body=body)
    assert _body(stage, bucket, "whole") == body
    upload = client.create_multipart_upload(Bucket=bucket, Key="mixed")["UploadId"]
    of = {"Bucket": bucket, "Key": "mixed", "UploadId": upload}
    first = client.upload_part_copy(
        **of, PartNumber=1, CopySource=f"{bucket}/parts", CopySourceRange="bytes=0-5999999")
    last = client.upload_part(**of, PartNumber=2, Body=b"end")
    assert len(client.list_parts(**of)["Parts"]) == 2
    refused("InvalidPart", client.complete_multipart_upload, **of,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": '"00"'}]})
    parts = [{"PartNumber": 1, "ETag": first["CopyPartResult"]["ETag"]}, {"PartNumber": 2, "ETag": last["ETag"]}]
    client.complete_multipart_upload(**of, MultipartUpload={"Parts": parts})
    assert _body(stage, bucket, "mixed") == body[:6_000_000] + b"end"
    refused("NoSuchUpload", client.list_parts, **of)


def presigned(stage: Stage) -> None:
    bucket = _bucket(stage)
    for version in ("s3", "s3v4"):
        _presigned(stage.session.client("s3", config=CONFIG.merge(Config(signature_version=version))), bucket)


def _presigned(client, bucket: str) -> None:
    of = {"Bucket": bucket, "Key": "a b"}
    put = urllib.request.Request(client.generate_presigned_url("put_object", Params=of), data=b"pre", method="PUT")
    urllib.request.urlopen(put)
    assert urllib.request.urlopen(client.generate_presigned_url("get_object", Params=of)).read() == b"pre"
