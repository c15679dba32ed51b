"""The file itself, streamed from where it was sent to."""

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from leadloop.edge.import_files import FILES_PREFIX

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

CHUNK = 1_000_000  # bytes


class UploadedFile:
    """`chunks` can be walked through once; `sha256` is of those that were.

    `mark` tells these bytes from any that are sent to the same place later.
    """

    def __init__(self, s3: "S3Client", bucket: str, import_id: str) -> None:
        found = s3.get_object(Bucket=bucket, Key=f"{FILES_PREFIX}{import_id}")
        self._body, self.mark = found["Body"], found["ETag"]
        self._seen = hashlib.sha256()

    @property
    def chunks(self) -> Iterator[bytes]:
        for chunk in self._body.iter_chunks(CHUNK):
            self._seen.update(chunk)
            yield chunk

    @property
    def sha256(self) -> str:
        return self._seen.hexdigest()
