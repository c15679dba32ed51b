"""Raw inbound bytes: small ones travel in the submission's own item, the rest lie in S3."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from leadloop.model.submission import Location, Raw, Submission
from leadloop.store.compression import fits_inline

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def store_large_body(s3: "S3Client", bucket: str, submission: Submission) -> Submission:
    """The submission as it may be stored: a big body is in S3 before anything is decided.

    The key names the id and the bytes, so doing it twice changes nothing, and a second body under
    the same id (a caller's key used again) never takes the place of the first.
    """
    raw = submission.raw
    if raw.body is None or not has_large_body(submission):
        return submission
    key = f"raw/{submission.id}/{raw.sha256[:16]}"
    s3.put_object(Bucket=bucket, Key=key, Body=raw.body, ContentType="application/octet-stream")
    lying = Location(bucket=bucket, key=key)
    return submission.but(raw=raw.but(body=None, location=lying))


def has_large_body(submission: Submission) -> bool:
    """Whether its body is too big to lie in its item."""
    body = submission.raw.body
    return body is not None and not fits_inline(body)


class StoredObject(NamedTuple):
    """The bytes of an object, and since when it lies there."""

    body: bytes
    since: datetime


def fetch_object(s3: "S3Client", location: Location) -> StoredObject:
    """What lies at `location`."""
    found = (
        s3.get_object(Bucket=location.bucket, Key=location.key)
        if location.version is None
        else s3.get_object(Bucket=location.bucket, Key=location.key, VersionId=location.version)
    )
    return StoredObject(found["Body"].read(), found["LastModified"])


def read_body(s3: "S3Client", raw: Raw) -> bytes:
    """The exact bytes as received, wherever they lie."""
    if raw.body is not None:
        return raw.body
    if raw.location is None:
        return b""
    return fetch_object(s3, raw.location).body
