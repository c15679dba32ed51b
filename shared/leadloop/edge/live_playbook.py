"""Playbooks in S3: the live one, publishing another, and the files of offers."""

import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from leadloop.content.policy import DownloadOffer
from leadloop.edge.telemetry import log_fault
from leadloop.edge.versioned_objects import (
    CURRENT,
    MOST_KEPT,
    PREFIX,
    CurrentVersion,
    VersionedStore,
    http_status,
)
from leadloop.edge.wiring import Wiring, get_wiring
from leadloop.model.errors import PlaybookInvalid, Stale
from leadloop.playbook import versions
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.playbook.model import Playbook
from leadloop.settings import PlaybookSettings

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

ASSETS = "assets/"  # files that offers give away
ASSET_URL_SECONDS = 60


class PlaybookStore(VersionedStore[CompiledPlaybook]):
    """The published playbooks, compiled."""

    def __init__(
        self,
        s3: "S3Client",
        bucket: str,
        *,
        ticks: Callable[[], float] = time.monotonic,
        most_kept: int = MOST_KEPT,
    ) -> None:
        super().__init__(s3, bucket, compile_published, ticks=ticks, most_kept=most_kept)
        self._client = s3

    def publish(self, playbook: Playbook, *, instead_of: str | None = None) -> str | None:
        """Publish `playbook` and return the version that was live at that moment.

        `instead_of` is the version that the caller has last seen live. The version is stored
        first, then `current.json` is switched, only if it is still as it was read.

        Raises:
            Stale: another version was published meanwhile; that one stays.

        """
        live, etag = self.refuse_stale(instead_of)
        self._client.put_object(
            Bucket=self._bucket,
            Key=f"{PREFIX}{playbook.version}.json",
            Body=versions.dump(playbook),
            ContentType="application/json",
        )
        body = CurrentVersion(version=playbook.version).model_dump_json().encode()
        try:
            if etag is None:
                self._client.put_object(
                    Bucket=self._bucket, Key=CURRENT, Body=body, IfNoneMatch="*"
                )
            else:
                self._client.put_object(Bucket=self._bucket, Key=CURRENT, Body=body, IfMatch=etag)
        except ClientError as error:
            if http_status(error) in {409, 412}:
                raise Stale("Another playbook was published at the same moment.") from error
            raise
        return live

    def refuse_stale(self, instead_of: str | None) -> tuple[str | None, str | None]:
        """The live version and the ETag of its name, both None if there is none.

        Raises:
            Stale: `instead_of` names another version.

        """
        live, etag = self._read_current()
        if instead_of is not None and live != instead_of:
            raise Stale(f"The live playbook is {live}, not {instead_of}; look at it first.")
        return live, etag

    def put_asset(self, file: str, content: bytes) -> None:
        """Store a file that offers give away."""
        self._client.put_object(Bucket=self._bucket, Key=ASSETS + file, Body=content)

    def missing_assets(self, playbook: Playbook) -> tuple[str, ...]:
        """The names of files that offers give away and that were never stored."""
        files = {o.file for o in playbook.offers.values() if isinstance(o, DownloadOffer)}
        return tuple(name for name in sorted(files) if not self.has_asset(name))

    def has_asset(self, file: str) -> bool:
        """Whether there is a file of that name."""
        try:
            self._client.head_object(Bucket=self._bucket, Key=ASSETS + file)
        except ClientError as error:
            if http_status(error) == 404:
                return False
            raise
        return True


@cache
def playbook_store(wiring: Wiring) -> PlaybookStore:
    """The playbooks, for who publishes; others need no client to read them."""
    return PlaybookStore(wiring.s3, wiring.settings(PlaybookSettings).PLAYBOOK_BUCKET)


@cache
def _live_playbooks(wiring: Wiring) -> VersionedStore[CompiledPlaybook]:
    bucket = wiring.settings(PlaybookSettings).PLAYBOOK_BUCKET
    return VersionedStore(wiring.signed_calls, bucket, compile_published)


def asset_url(file: str) -> str:
    """The address of a file that an offer gives away, good for `ASSET_URL_SECONDS`.

    A browser saves it under its name.
    """
    return get_wiring().s3.generate_presigned_url(
        "get_object",
        Params={
            "Bucket": get_wiring().settings(PlaybookSettings).PLAYBOOK_BUCKET,
            "Key": ASSETS + file,
            "ResponseContentDisposition": f'attachment; filename="{file}"',
        },
        ExpiresIn=ASSET_URL_SECONDS,
    )


def playbook() -> CompiledPlaybook:
    """The live playbook.

    Raises: as `VersionedStore.live`.
    """
    return _live_playbooks(get_wiring()).live()


def pinned_playbook(version: str) -> CompiledPlaybook | None:
    """The playbook that an enrolment is pinned to; None: there is none that this code can read."""
    try:
        return _live_playbooks(get_wiring()).version(version)
    except ClientError as error:
        if http_status(error) != 404:
            raise
        log_fault(f"The playbook {version} is not there any more", error)
    except PlaybookInvalid as error:
        log_fault(f"The playbook {version} cannot be read by this code", error)
    return None


def compile_published(content: bytes) -> CompiledPlaybook:
    """A playbook of published JSON bytes, compiled. Raises as `versions.parse`."""
    return CompiledPlaybook(versions.parse(content))
