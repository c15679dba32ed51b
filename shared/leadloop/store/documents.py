"""Small documents in one S3 bucket, by key."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

MISSING_CODES = {"NoSuchKey", "404"}  # S3 names it in a body's XML; an answer without one does not
JSON = "application/json"


class Documents:
    """The documents of `bucket`; each is read and written whole."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3, self.bucket = s3, bucket

    def get(self, key: str) -> bytes | None:
        """The document at `key`, or None if there is none.

        Raises:
            ClientError: S3 answered with any other error.

        """
        try:
            response = self._s3.get_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING_CODES:
                return None
            raise
        return response["Body"].read()

    def put(self, key: str, body: bytes, content_type: str = JSON) -> None:
        """Write the document at `key`, in place of an older one."""
        self._s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=content_type)

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin with `prefix`, in the order of their UTF-8 bytes."""
        pager = self._s3.get_paginator("list_objects_v2")
        for page in pager.paginate(Bucket=self.bucket, Prefix=prefix):
            yield from (each["Key"] for each in page.get("Contents", ()))

    def folders(self, prefix: str) -> Iterator[str]:
        """The names of the folders right below `prefix`, which ends with a slash."""
        pager = self._s3.get_paginator("list_objects_v2")
        for page in pager.paginate(Bucket=self.bucket, Prefix=prefix, Delimiter="/"):
            for each in page.get("CommonPrefixes", ()):
                yield each["Prefix"].removeprefix(prefix).removesuffix("/")
