"""S3's versions: what is kept, what is current, and what lists say."""

import urllib.request

from botocore.config import Config
from botocore.exceptions import ClientError

from stage import CONFIG, Stage, refused


def _bucket(stage: Stage, status: str | None = "Enabled") -> str:
    name = stage.name("versions")
    stage.client("s3").create_bucket(Bucket=name)
    if status:
        _set(stage, name, status)
    return name


def _set(stage: Stage, bucket: str, status: str) -> None:
    stage.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})


def _put(stage: Stage, bucket: str, key: str, body: bytes) -> str | None:
    return stage.client("s3").put_object(Bucket=bucket, Key=key, Body=body).get("VersionId")


def _body(stage: Stage, bucket: str, key: str, **options) -> bytes:
    return stage.client("s3").get_object(Bucket=bucket, Key=key, **options)["Body"].read()


def _listed(stage: Stage, bucket: str, **options) -> list[tuple]:
    """Key, version, whether it is the latest and whether it is a marker, in the order of the list."""
    found = []
    for page in stage.client("s3").get_paginator("list_object_versions").paginate(Bucket=bucket, **options):
        of_page = [(item["Key"], item["LastModified"], item["VersionId"], item["IsLatest"], kind)
                   for kind in ("Versions", "DeleteMarkers") for item in page.get(kind, [])]
        found += of_page
    return [(key, version, latest, kind == "DeleteMarkers") for key, _, version, latest, kind in found]


def enabled(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage, None)
    assert "Status" not in client.get_bucket_versioning(Bucket=bucket)
    assert _put(stage, bucket, "k", b"null") is None
    _set(stage, bucket, "Enabled")
    assert client.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    one, two = _put(stage, bucket, "k", b"one"), _put(stage, bucket, "k", b"two")
    assert one and two and one != two
    for version, body in (("null", b"null"), (one, b"one"), (two, b"two")):
        got = client.get_object(Bucket=bucket, Key="k", VersionId=version)
        assert got["Body"].read() == body and got["VersionId"] == version, got
    assert _body(stage, bucket, "k") == b"two"
    marker = client.delete_object(Bucket=bucket, Key="k")
    assert marker["DeleteMarker"] is True and marker["VersionId"] not in ("null", one, two), marker
    answer = refused("NoSuchKey", client.get_object, Bucket=bucket, Key="k")
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amz-delete-marker"] == "true" and headers["x-amz-version-id"] == marker["VersionId"], headers
    refused("MethodNotAllowed", client.get_object, Bucket=bucket, Key="k", VersionId=marker["VersionId"])
    refused("405", client.head_object, Bucket=bucket, Key="k", VersionId=marker["VersionId"])
    refused("InvalidArgument", client.get_object, "Invalid version id", Bucket=bucket, Key="k", VersionId="none")
    refused("NoSuchVersion", client.get_object, Bucket=bucket, Key="other", VersionId=one)
    assert "Contents" not in client.list_objects_v2(Bucket=bucket)
    assert _listed(stage, bucket) == [("k", two, False, False), ("k", one, False, False), ("k", "null", False, False),
                                      ("k", marker["VersionId"], True, True)]
    refused("BucketNotEmpty", client.delete_bucket, "You must delete all versions", Bucket=bucket)
    gone = client.delete_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"])
    assert gone["DeleteMarker"] is True and gone["VersionId"] == marker["VersionId"], gone
    assert _body(stage, bucket, "k") == b"two"
    gone = client.delete_object(Bucket=bucket, Key="k", VersionId=two)
    assert gone["VersionId"] == two and "DeleteMarker" not in gone, gone
    assert _body(stage, bucket, "k") == b"one"
    copied = client.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "k", "VersionId": "null"})
    assert copied["CopySourceVersionId"] == "null" and copied["VersionId"], copied
    assert _body(stage, bucket, "copy") == b"null"
    client.put_object_tagging(Bucket=bucket, Key="k", VersionId="null", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    assert client.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == []
    tagged = client.get_object_tagging(Bucket=bucket, Key="k", VersionId="null")
    assert tagged["TagSet"] == [{"Key": "a", "Value": "b"}] and tagged["VersionId"] == "null", tagged
    answer = client.delete_objects(Bucket=bucket, Delete={"Objects": [
        {"Key": "k"}, {"Key": "copy", "VersionId": copied["VersionId"]}, {"Key": "never"}]})
    markers = [item["Key"] for item in answer["Deleted"] if item.get("DeleteMarker")]
    assert markers == ["k", "never"] and "Errors" not in answer, answer


def suspended(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage)
    kept = _put(stage, bucket, "k", b"kept")
    _set(stage, bucket, "Suspended")
    assert _put(stage, bucket, "k", b"first") == "null"
    assert _put(stage, bucket, "k", b"second") == "null"
    assert _listed(stage, bucket) == [("k", "null", True, False), ("k", kept, False, False)]
    marker = client.delete_object(Bucket=bucket, Key="k")
    assert marker["DeleteMarker"] is True and marker["VersionId"] == "null", marker
    assert _listed(stage, bucket) == [("k", kept, False, False), ("k", "null", True, True)]
    _set(stage, bucket, "Enabled")
    newest = _put(stage, bucket, "k", b"newest")
    client.delete_object(Bucket=bucket, Key="k", VersionId="null")
    assert _listed(stage, bucket) == [("k", newest, True, False), ("k", kept, False, False)]
    refused("MalformedXML", client.put_bucket_versioning, Bucket=bucket, VersioningConfiguration={"Status": "Off"})


def lists(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage)
    wanted = []
    for key in ("a", "b/1", "b/2", "c"):
        versions = [_put(stage, bucket, key, b"%d" % number) for number in range(3)]
        wanted += [(key, version, version == versions[-1], False) for version in reversed(versions)]
    for size in (1, 2, 5, 100):
        found = _listed(stage, bucket, PaginationConfig={"PageSize": size})
        assert found == wanted, (size, found)
        pages = client.get_paginator("list_object_versions").paginate(
            Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": size})
        pages = list(pages)
        folded = [item["Prefix"] for page in pages for item in page.get("CommonPrefixes", [])]
        keys = [item["Key"] for page in pages for item in page.get("Versions", [])]
        assert folded == ["b/"] and keys == ["a"] * 3 + ["c"] * 3, (size, folded, keys)
    assert _listed(stage, bucket, Prefix="b/") == wanted[3:9]
    resource = stage.session.resource("s3").Bucket(bucket)
    resource.object_versions.delete()
    client.delete_bucket(Bucket=bucket)


def presigned(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage)
    one = _put(stage, bucket, "k", b"one")
    _put(stage, bucket, "k", b"two")
    # The old signatures, boto3's default here, name no account that the server could read.
    client = stage.session.client("s3", config=CONFIG.merge(Config(signature_version="s3v4")))
    url = client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k", "VersionId": one})
    assert urllib.request.urlopen(url).read() == b"one"


def uploads(stage: Stage) -> None:
    client, bucket = stage.client("s3"), _bucket(stage)
    old = _put(stage, bucket, "k", b"old")
    upload = client.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    of = {"Bucket": bucket, "Key": "k", "UploadId": upload}
    part = client.upload_part(**of, PartNumber=1, Body=b"parts")
    done = client.complete_multipart_upload(**of, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    assert done["VersionId"] not in (None, "null", old), done
    assert _body(stage, bucket, "k") == b"parts" and _body(stage, bucket, "k", VersionId=old) == b"old"


def configurations(stage: Stage) -> None:
    """What templates set is kept and shown."""
    client, bucket = stage.client("s3"), _bucket(stage, None)
    of = {"Bucket": bucket}
    for get in ("website", "lifecycle_configuration", "replication", "cors", "policy", "tagging"):
        try:
            getattr(client, f"get_bucket_{get}")(**of)
        except ClientError as error:
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 404, (get, error)
        else:
            raise AssertionError(get)
    website = {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}}
    client.put_bucket_website(**of, WebsiteConfiguration=website)
    shown = client.get_bucket_website(**of)
    assert {key: shown[key] for key in website} == website, shown
    client.put_bucket_logging(**of, BucketLoggingStatus={
        "LoggingEnabled": {"TargetBucket": bucket, "TargetPrefix": "log/"}})
    assert client.get_bucket_logging(**of)["LoggingEnabled"]["TargetPrefix"] == "log/"
    rules = client.get_bucket_ownership_controls(**of)["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}], rules
    client.put_bucket_ownership_controls(**of, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
    rules = client.get_bucket_ownership_controls(**of)["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "ObjectWriter"}], rules
    client.put_bucket_acl(**of, ACL="public-read")
    grants = client.get_bucket_acl(**of)["Grants"]
    assert [grant["Permission"] for grant in grants] == ["FULL_CONTROL", "READ"], grants
    client.put_bucket_acl(**of, AccessControlPolicy={"Grants": grants[:1], "Owner": client.get_bucket_acl(**of)["Owner"]})
    assert client.get_bucket_acl(**of)["Grants"] == grants[:1]
    assert client.get_public_access_block(**of)["PublicAccessBlockConfiguration"]["BlockPublicAcls"] is True
    rules = client.get_bucket_encryption(**of)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}, rules
    client.put_bucket_accelerate_configuration(**of, AccelerateConfiguration={"Status": "Enabled"})
    assert client.get_bucket_accelerate_configuration(**of)["Status"] == "Enabled"
    assert client.get_bucket_request_payment(**of)["Payer"] == "BucketOwner"
    locked = stage.name("locked")
    client.create_bucket(Bucket=locked, ObjectLockEnabledForBucket=True)
    lock = client.get_object_lock_configuration(Bucket=locked)["ObjectLockConfiguration"]
    assert lock == {"ObjectLockEnabled": "Enabled"}, lock
    assert client.get_bucket_versioning(Bucket=locked)["Status"] == "Enabled"
    client.put_object(Bucket=bucket, Key="k", Body=b"1")
    assert client.get_object_acl(Bucket=bucket, Key="k")["Grants"][0]["Permission"] == "FULL_CONTROL"
