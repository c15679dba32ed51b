"""Versions that are published in S3, each once, and `current.json`, which names the live one.

A function reads `current.json` at most every ten seconds. It keeps the last good version: if the
new one is broken or missing, that is logged and changes nothing.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from leadloop.edge.telemetry import log_fault
from leadloop.model.base import Model
from leadloop.model.errors import LeadloopError, PlaybookInvalid

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

    from leadloop.edge.signed_calls import SignedCalls

PREFIX = "playbook/"
CURRENT = PREFIX + "current.json"
REFRESH_SECONDS = 10.0
MOST_KEPT = 16  # versions that a process keeps compiled, of about 0.4 MB each


class Versioned(Protocol):
    """A playbook, or a part of one, that knows its version."""

    @property
    def version(self) -> str: ...


P = TypeVar("P", bound=Versioned)


class CurrentVersion(Model):
    """The content of `current.json`."""

    version: str


class VersionedStore(Generic[P]):
    """The published versions, as `parse` reads them. `ticks` counts seconds, from any start.

    The last `most_kept` versions that were asked for are kept; a version never changes.
    """

    def __init__(
        self,
        s3: "S3Client | SignedCalls",
        bucket: str,
        parse: Callable[[bytes], P],
        *,
        ticks: Callable[[], float] = time.monotonic,
        most_kept: int = MOST_KEPT,
    ) -> None:
        self._s3, self._bucket, self._parse, self._ticks = s3, bucket, parse, ticks
        self._kept: OrderedDict[str, P] = OrderedDict()
        self._most_kept = most_kept
        self._live: P | None = None
        self._etag = ""
        self._refreshed_at = 0.0

    def live(self) -> P:
        """The live version.

        Raises:
            PlaybookInvalid, ValidationError: this process has no good one yet, and the published
                one is broken.
            ClientError, BotoCoreError: it has no good one yet, and S3 does not answer.

        """
        if self._live is not None and self._ticks() - self._refreshed_at < REFRESH_SECONDS:
            return self._live
        try:
            self._refresh()
        except (ClientError, BotoCoreError, LeadloopError, ValidationError) as error:
            if self._live is None:
                raise
            log_fault("The published playbook cannot be used; the last good one stays", error)
        self._refreshed_at = self._ticks()
        if self._live is None:
            raise PlaybookInvalid((f"{CURRENT}: nothing is published",))
        return self._live

    def reread(self) -> P:
        """The live version as S3 has it now, however lately this process has looked.

        Raises: as `live` does.
        """
        self._refreshed_at = self._ticks() - REFRESH_SECONDS
        return self.live()

    def version(self, version: str) -> P:
        """A published version, live or not (an enrolment is pinned to its own).

        Raises:
            ClientError: there is no such version.

        """
        kept = self._kept.get(version) or self._parse(self._read(f"{PREFIX}{version}.json")[0])
        self._kept[version] = kept
        self._kept.move_to_end(version)
        if len(self._kept) > self._most_kept:
            self._kept.popitem(last=False)
        return kept

    def _refresh(self) -> None:
        version, etag = self._read_current()
        if version is None or etag is None or etag == self._etag:
            return
        if self._live is None or self._live.version != version:
            self._live = self.version(version)
        self._etag = etag

    def _read_current(self) -> tuple[str | None, str | None]:
        try:
            body, etag = self._read(CURRENT)
        except ClientError as error:
            if http_status(error) == 404:
                return None, None
            raise
        return CurrentVersion.model_validate_json(body).version, etag

    def _read(self, key: str) -> tuple[bytes, str]:
        response = self._s3.get_object(Bucket=self._bucket, Key=key)
        return response["Body"].read(), response["ETag"]


def http_status(error: ClientError) -> int:
    """The HTTP status that AWS answered with."""
    return error.response["ResponseMetadata"]["HTTPStatusCode"]
