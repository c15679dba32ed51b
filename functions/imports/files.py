"""The file itself, streamed from where it was sent to."""

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from leadloop.edge.import_files import FILES_PREFIX

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

CHUNK = 1_000_000  # bytes


class UploadedFile:
    """The file of an import. Its `chunks` can be walked through once.

    `mark` tells these bytes from any that are sent to the same place later (the ETag of S3).
    """

    def __init__(self, s3: "S3Client", bucket: str, import_id: str) -> None:
        response = s3.get_object(Bucket=bucket, Key=f"{FILES_PREFIX}{import_id}")
        self._body, self.mark = response["Body"], response["ETag"]
        self._digest = hashlib.sha256()

    @property
    def chunks(self) -> Iterator[bytes]:
        """The bytes, at most `CHUNK` at a time."""
        for chunk in self._body.iter_chunks(CHUNK):
            self._digest.update(chunk)
            yield chunk

    @property
    def sha256(self) -> str:
        """The SHA-256, as hex, of the chunks that were walked through so far."""
        return self._digest.hexdigest()
