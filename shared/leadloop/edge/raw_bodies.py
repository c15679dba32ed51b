"""Raw inbound bytes: small ones lie in the submission's own item, large ones in S3."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from leadloop.model.submission import Location, Raw, Submission
from leadloop.store.compression import fits_inline

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def store_large_body(s3: "S3Client", bucket: str, submission: Submission) -> Submission:
    """Store a large body in S3; returns the submission with its location.

    It is stored before anything is decided. The key names the id and the bytes: storing it twice
    changes nothing, and another body of the same id never overwrites the first.
    """
    raw = submission.raw
    if raw.body is None or not has_large_body(submission):
        return submission
    key = f"raw/{submission.id}/{raw.sha256[:16]}"
    s3.put_object(Bucket=bucket, Key=key, Body=raw.body, ContentType="application/octet-stream")
    location = Location(bucket=bucket, key=key)
    return submission.but(raw=raw.but(body=None, location=location))


def has_large_body(submission: Submission) -> bool:
    """Whether its body is too large for its item."""
    body = submission.raw.body
    return body is not None and not fits_inline(body)


class StoredObject(NamedTuple):
    """The bytes of an object, and when it was stored."""

    body: bytes
    since: datetime


def fetch_object(s3: "S3Client", location: Location) -> StoredObject:
    """The object at `location`.

    Raises:
        ClientError: there is none, or S3 does not answer.

    """
    response = (
        s3.get_object(Bucket=location.bucket, Key=location.key)
        if location.version is None
        else s3.get_object(Bucket=location.bucket, Key=location.key, VersionId=location.version)
    )
    return StoredObject(response["Body"].read(), response["LastModified"])


def read_body(s3: "S3Client", raw: Raw) -> bytes:
    """The exact bytes as received, from the item or from S3."""
    if raw.body is not None:
        return raw.body
    if raw.location is None:
        return b""
    return fetch_object(s3, raw.location).body
