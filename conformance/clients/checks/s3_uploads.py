"""S3: uploads in parts: their sums, as the whole's or as sums of sums, what is refused, and lists of those under way."""

import base64
import os
import zlib

from stage import Stage, refused

MIB = 1 << 20


def _bucket(stage: Stage) -> str:
    name = stage.name("uploads")
    stage.client("s3").create_bucket(Bucket=name)
    return name


def _crc32(data: bytes) -> str:
    return base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()


def _put(client, of: dict, bodies: list[bytes], algorithm: str | None) -> list[dict]:
    """Puts all parts; what completes them, with the sums that were answered."""
    parts = []
    for number, body in enumerate(bodies, 1):
        options = {"ChecksumAlgorithm": algorithm} if algorithm else {}
        done = client.upload_part(**of, PartNumber=number, Body=body, **options)
        sums = {name: value for name, value in done.items() if name.startswith("Checksum")}
        parts.append({"PartNumber": number, "ETag": done["ETag"], **sums})
    return parts


def sums_of_all(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage)
    bodies = [os.urandom(5 * MIB), os.urandom(5 * MIB), b"end"]
    whole = b"".join(bodies)
    of = {"Bucket": bucket, "Key": "full"}
    begun = client.create_multipart_upload(**of, ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")
    assert begun["ChecksumType"] == "FULL_OBJECT", begun
    upload = {**of, "UploadId": begun["UploadId"]}
    parts = _put(client, upload, bodies, "CRC32")
    listed = client.list_parts(**upload)
    assert (listed["ChecksumAlgorithm"], listed["ChecksumType"]) == ("CRC32", "FULL_OBJECT"), listed
    assert [part["ChecksumCRC32"] for part in listed["Parts"]] == [_crc32(body) for body in bodies]
    done = {"MultipartUpload": {"Parts": parts}}
    refused("BadDigest", client.complete_multipart_upload, **upload, **done, ChecksumCRC32="AAAAAA==")
    refused("InvalidRequest", client.complete_multipart_upload, **upload, **done, ChecksumType="COMPOSITE")
    refused("InvalidRequest", client.complete_multipart_upload, **upload, **done, MpuObjectSize=1)
    completed = client.complete_multipart_upload(**upload, **done, MpuObjectSize=len(whole))
    assert completed["ChecksumCRC32"] == _crc32(whole), completed
    head = client.head_object(**of, ChecksumMode="ENABLED")
    assert (head["ChecksumCRC32"], head["ChecksumType"]) == (_crc32(whole), "FULL_OBJECT"), head
    shown = client.get_object_attributes(**of, ObjectAttributes=["Checksum", "ObjectParts", "ObjectSize", "ETag"])
    assert shown["Checksum"] == {"ChecksumCRC32": _crc32(whole), "ChecksumType": "FULL_OBJECT"}, shown
    assert [part["Size"] for part in shown["ObjectParts"]["Parts"]] == [5 * MIB, 5 * MIB, 3], shown
    page = client.get_object_attributes(**of, ObjectAttributes=["ObjectParts"], MaxParts=1, PartNumberMarker=1)
    assert [part["PartNumber"] for part in page["ObjectParts"]["Parts"]] == [2], page
    assert page["ObjectParts"]["IsTruncated"] and page["ObjectParts"]["NextPartNumberMarker"] == 2, page


def sums_by_default(stage: Stage) -> None:
    """Nobody names an algorithm at the beginning: each part has the sum of its sender, the object one of all bytes."""
    client, bucket = stage.client("s3"), _bucket(stage)
    of = {"Bucket": bucket, "Key": "default"}
    upload = {**of, "UploadId": client.create_multipart_upload(**of)["UploadId"]}
    parts = _put(client, upload, [bytes(5 * MIB), b"end"], "SHA256")
    assert all("ChecksumSHA256" in part for part in parts), parts
    completed = client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    client.put_object(Bucket=bucket, Key="one", Body=bytes(5 * MIB) + b"end", ChecksumAlgorithm="CRC64NVME") \
        if _has_crt() else client.copy_object(Bucket=bucket, Key="one", CopySource=of, ChecksumAlgorithm="CRC64NVME")
    one = client.head_object(Bucket=bucket, Key="one", ChecksumMode="ENABLED")
    assert completed["ChecksumType"] == "FULL_OBJECT", completed
    assert completed["ChecksumCRC64NVME"] == one["ChecksumCRC64NVME"], (completed, one)


def _has_crt() -> bool:
    try:
        import awscrt  # noqa: F401
    except ImportError:
        return False
    return True


def sums_of_sums(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage)
    of = {"Bucket": bucket, "Key": "composite"}
    for algorithm in ("CRC32", "SHA1", "SHA256"):
        begun = client.create_multipart_upload(**of, ChecksumAlgorithm=algorithm)
        assert begun["ChecksumType"] == "COMPOSITE", begun
        upload = {**of, "UploadId": begun["UploadId"]}
        parts = _put(client, upload, [bytes(5 * MIB), b"end"], algorithm)
        bare = [{"PartNumber": part["PartNumber"], "ETag": part["ETag"]} for part in parts]
        refused("InvalidRequest", client.complete_multipart_upload, "must include the checksum for each part",
                **upload, MultipartUpload={"Parts": bare})
        member = f"Checksum{algorithm}"
        mixed = [{**parts[0], member: parts[1][member]}, parts[1]]
        refused("InvalidPart", client.complete_multipart_upload, **upload, MultipartUpload={"Parts": mixed})
        other = "SHA256" if algorithm == "CRC32" else "CRC32"
        refused("InvalidRequest", client.upload_part, "Checksum Type mismatch occurred",
                **upload, PartNumber=3, Body=b"x", ChecksumAlgorithm=other)
        completed = client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
        assert completed[member].endswith("-2") and completed["ChecksumType"] == "COMPOSITE", completed
    begin = client.create_multipart_upload
    refused("InvalidRequest", begin, "FULL_OBJECT", **of, ChecksumAlgorithm="SHA1", ChecksumType="FULL_OBJECT")
    refused("InvalidRequest", begin, "COMPOSITE", **of, ChecksumAlgorithm="CRC64NVME", ChecksumType="COMPOSITE")


def lists_of_uploads(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage)
    keys = ["a b", "dir/1", "dir/2", "dir/sub/3", "z"]
    for key in [*keys, "z"]:
        client.create_multipart_upload(Bucket=bucket, Key=key)
    folded = client.list_multipart_uploads(Bucket=bucket, Delimiter="/")
    assert [upload["Key"] for upload in folded["Uploads"]] == ["a b", "z", "z"], folded
    assert [item["Prefix"] for item in folded["CommonPrefixes"]] == ["dir/"], folded
    inside = client.list_multipart_uploads(Bucket=bucket, Delimiter="/", Prefix="dir/")
    assert [upload["Key"] for upload in inside["Uploads"]] == ["dir/1", "dir/2"], inside
    assert [item["Prefix"] for item in inside["CommonPrefixes"]] == ["dir/sub/"], inside
    for size in (1, 2, 4):
        pages = client.get_paginator("list_multipart_uploads").paginate(
            Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": size})
        found = []
        for page in pages:
            found += [upload["Key"] for upload in page.get("Uploads", [])]
            found += [item["Prefix"] for item in page.get("CommonPrefixes", [])]
        assert sorted(found) == ["a b", "dir/", "z", "z"], (size, found)
    refused("NoSuchBucket", client.list_multipart_uploads, Bucket="there-is-no-such")
