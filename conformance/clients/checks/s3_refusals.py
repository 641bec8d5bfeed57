"""S3: what AWS refuses, and in which words; conditions; what pages of other sites may ask."""

import http.client
import urllib.parse

from stage import Stage, refused


def _bucket(stage: Stage) -> str:
    name = stage.name("refusals")
    stage.client("s3").create_bucket(Bucket=name)
    return name


def names(stage: Stage) -> None:
    create = stage.client("s3").create_bucket
    for name in ("ab", "UPPER", "a..b", "xn--abc", "-abc", "abc-", "192.168.1.1", "a_b", "sthree-x", "abc-s3alias"):
        refused("InvalidBucketName", create, Bucket=name)


def conditions(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage)
    of = {"Bucket": bucket, "Key": "k"}
    tag = client.put_object(**of, Body=b"0123456789", IfNoneMatch="*")["ETag"]
    refused("PreconditionFailed", client.put_object, **of, Body=b"", IfNoneMatch="*")
    refused("NotImplemented", client.put_object, **of, Body=b"", IfNoneMatch='"00"')
    refused("PreconditionFailed", client.put_object, **of, Body=b"", IfMatch='"00"')
    refused("NoSuchKey", client.put_object, Bucket=bucket, Key="none", Body=b"", IfMatch='"00"')
    assert client.put_object(**of, Body=b"0123456789", IfMatch=tag)["ETag"] == tag
    source = f"{bucket}/k"
    refused("PreconditionFailed", client.copy_object, **of, CopySource=source, CopySourceIfMatch='"00"',
            MetadataDirective="REPLACE")
    copy = {"Bucket": bucket, "Key": "copy", "CopySource": source}
    client.copy_object(**copy)
    if "IfNoneMatch" in client.meta.service_model.operation_model("CopyObject").input_shape.members:
        refused("PreconditionFailed", client.copy_object, **copy, IfNoneMatch="*")
        refused("PreconditionFailed", client.copy_object, **copy, IfMatch='"00"')
        client.copy_object(**copy, IfMatch=tag)
    refused("InvalidArgument", client.copy_object, **copy, MetadataDirective="WRONG")
    refused("PreconditionFailed", client.delete_object, **of, IfMatch='"00"')
    elsewhere = {"ExpectedBucketOwner": "999999999999"}
    refused("AccessDenied", client.get_object, **of, **elsewhere)
    refused("403", client.head_bucket, Bucket=bucket, **elsewhere)
    client.get_object(**of, ExpectedBucketOwner=stage.account)


def answers_without_continue(stage: Stage) -> None:
    """boto3 asks before it sends a body, and keeps the connection: an answer in place of "go on" must not confuse it."""
    client, bucket = stage.client("s3"), _bucket(stage)
    for _ in range(3):
        client.put_object(Bucket=bucket, Key="folder/", Body=b"")
        client.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
        refused("NoSuchKey", client.put_object, Bucket=bucket, Key="none", Body=b"", IfMatch='"00"')
        client.put_object(Bucket=bucket, Key="k", Body=b"0123456789")


def ranges(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage)
    of = {"Bucket": bucket, "Key": "k"}
    client.put_object(**of, Body=b"0123456789")
    for asked, found in (("bytes=0-3", b"0123"), ("bytes=-3", b"789"), ("bytes=8-100", b"89"),
                         ("bytes=5-2", b"0123456789"), ("bytes=0-1,3-4", b"0123456789"), ("items=1-2", b"0123456789")):
        assert client.get_object(**of, Range=asked)["Body"].read() == found, asked
    for asked in ("bytes=10-", "bytes=-0"):
        refused("InvalidRange", client.get_object, **of, Range=asked)
    refused("InvalidRange", client.get_object, **of, PartNumber=2)


def arguments(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage)
    of = {"Bucket": bucket, "Key": "k"}
    client.put_object(**of, Body=b"x")
    refused("InvalidArgument", client.list_objects_v2, Bucket=bucket, MaxKeys=-1)
    refused("InvalidStorageClass", client.put_object, **of, Body=b"", StorageClass="NOPE")
    refused("InvalidRequest", client.put_object, "x-amz-checksum-crc32", **of, Body=b"", ChecksumCRC32="zz")
    refused("InvalidArgument", client.get_object_attributes, **of, ObjectAttributes=["Nope"])
    refused("KeyTooLongError", client.put_object, Bucket=bucket, Key="k" * 1025, Body=b"")
    refused("AccessControlListNotSupported", client.put_object, **of, Body=b"", ACL="public-read")
    client.put_object(**of, Body=b"", ACL="bucket-owner-full-control")
    refused("AccessControlListNotSupported", client.put_bucket_acl, Bucket=bucket, ACL="public-read")
    owner = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    refused("MalformedXML", client.put_bucket_ownership_controls, Bucket=bucket,
            OwnershipControls={"Rules": [{"ObjectOwnership": "Nobody"}]})
    client.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=owner)
    client.put_bucket_acl(Bucket=bucket, ACL="public-read")
    assert len(client.get_bucket_acl(Bucket=bucket)["Grants"]) == 2


def tags(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage)
    of = {"Bucket": bucket, "Key": "k"}
    client.put_object(**of, Body=b"x")

    def set_of(*pairs: tuple[str, str]) -> dict:
        return {"TagSet": [{"Key": key, "Value": value} for key, value in pairs]}

    wrong = [set_of(("a", "1"), ("a", "2")), set_of(("a" * 129, "")), set_of(("a", "b" * 257)), set_of(("aws:x", "")),
             set_of(("a?", ""))]
    for tagging in [*wrong, set_of(*((str(number), "") for number in range(11)))]:
        refused("InvalidTag", client.put_object_tagging, **of, Tagging=tagging)
    for tagging in [*wrong, set_of(*((str(number), "") for number in range(51)))]:
        refused("InvalidTag", client.put_bucket_tagging, Bucket=bucket, Tagging=tagging)
    refused("InvalidTag", client.put_object, **of, Body=b"", Tagging="a=1&a=2")
    client.put_object_tagging(**of, Tagging=set_of(("ä +-=._:/@", "ö")))


def configurations(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage)
    refused("MalformedPolicy", client.put_bucket_policy, Bucket=bucket, Policy="nope")
    refused("MalformedPolicy", client.put_bucket_policy, Bucket=bucket, Policy="{}")
    refused("NoSuchBucketPolicy", client.get_bucket_policy, Bucket=bucket)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "nope"}}
    refused("MalformedXML", client.put_bucket_encryption, Bucket=bucket,
            ServerSideEncryptionConfiguration={"Rules": [rule]})

    def cors(**rule) -> dict:
        return {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], **rule}]}

    for wrong in (cors(AllowedMethods=["PATCH"]), cors(AllowedOrigins=["http://*.*"]), cors(AllowedHeaders=["*-*"])):
        refused("InvalidRequest", client.put_bucket_cors, Bucket=bucket, CORSConfiguration=wrong)


def pages_of_other_sites(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage)
    client.put_object(Bucket=bucket, Key="k", Body=b"x")

    def ask(method: str, **headers) -> tuple[int, dict, str]:
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(stage.url).netloc)
        address = urllib.parse.urlsplit(client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"}))
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"{address.path}?{address.query}", headers=headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()

    page, put = "http://a.example.com", {"Access_Control_Request_Method": "PUT"}
    assert "CORS is not enabled" in ask("OPTIONS", Origin=page, **put)[2]
    client.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [{
        "ID": "one", "AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["http://*.example.com"],
        "AllowedHeaders": ["x-amz-*", "Content-Type"], "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 5}]})
    status, headers, _ = ask("OPTIONS", Origin=page, **put, Access_Control_Request_Headers="content-type,X-Amz-Date")
    assert status == 200 and headers["access-control-allow-origin"] == page, (status, headers)
    assert headers["access-control-max-age"] == "5" and "PUT" in headers["access-control-allow-methods"], headers
    assert headers["access-control-allow-headers"] == "content-type, x-amz-date", headers
    for refusal in ({"Origin": "http://example.org", **put}, {"Origin": page, "Access_Control_Request_Method": "DELETE"},
                    {"Origin": page, **put, "Access_Control_Request_Headers": "x-other"}):
        status, _, body = ask("OPTIONS", **refusal)
        assert status == 403 and "<Code>AccessForbidden</Code>" in body, (refusal, status, body)
    assert ask("OPTIONS", Origin=page)[0] == 400
    status, headers, body = ask("GET", Origin=page)
    assert (status, body) == (200, "x") and headers["access-control-allow-origin"] == page, (status, headers)
    assert headers["access-control-expose-headers"] == "ETag", headers
    assert "access-control-allow-origin" not in ask("GET", Origin="http://example.org")[1]
