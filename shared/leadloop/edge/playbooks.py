"""Published playbooks in S3: each version once, and `current.json`, which names the live one.

A function looks at `current.json` at most every ten seconds and keeps the last good playbook
whatever it finds there: a broken or missing one changes nothing and is reported.
"""

import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from leadloop.edge.telemetry import fault
from leadloop.edge.wiring import Wiring, wired
from leadloop.model.base import Model
from leadloop.model.errors import LeadloopError, PlaybookInvalid, Stale
from leadloop.playbook import versions
from leadloop.playbook.compiled import Compiled
from leadloop.playbook.model import Playbook
from leadloop.settings import PlaybookSettings

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

PREFIX = "playbook/"
CURRENT = PREFIX + "current.json"
LOOK_EVERY = 10.0  # seconds
ASSETS = "assets/"  # what offers give away
FETCH_WITHIN = 60  # seconds that the address of a file is good for


class Current(Model):
    """What `current.json` says."""

    version: str


class Playbooks:
    """The playbook that is live, and publishing another. `ticks` counts seconds, from anywhere."""

    def __init__(
        self, s3: "S3Client", bucket: str, *, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._s3, self._bucket, self._ticks = s3, bucket, ticks
        self._live: Compiled | None = None
        self._etag = ""
        self._looked = 0.0

    def live(self) -> Compiled:
        """The playbook to decide by.

        Raises:
            PlaybookInvalid: this process has no good one yet and what lies there is broken.
            ClientError, BotoCoreError: or it cannot be read.

        """
        if self._live is not None and self._ticks() - self._looked < LOOK_EVERY:
            return self._live
        try:
            self._look()
        except (ClientError, BotoCoreError, LeadloopError, ValidationError) as error:
            if self._live is None:
                raise
            fault("The published playbook cannot be used; the last good one stays", error)
        self._looked = self._ticks()
        if self._live is None:
            raise PlaybookInvalid((f"{CURRENT}: nothing is published",))
        return self._live

    def version(self, version: str) -> Compiled:
        """A published version, whether live or not (an enrolment is pinned to its own)."""
        if self._live is not None and self._live.playbook.version == version:
            return self._live
        return Compiled(versions.parse(self._read(f"{PREFIX}{version}.json")[0]))

    def publish(self, playbook: Playbook, *, instead_of: str | None = None) -> None:
        """Store the version, then switch `current.json`; `instead_of` is the version last seen.

        Raises:
            Stale: another version was published meanwhile; that one stays.

        """
        live, etag = self._current()
        if instead_of is not None and live != instead_of:
            raise Stale(f"The live playbook is {live}, not {instead_of}; look at it first.")
        self._s3.put_object(
            Bucket=self._bucket,
            Key=f"{PREFIX}{playbook.version}.json",
            Body=versions.dump(playbook),
            ContentType="application/json",
        )
        body = Current(version=playbook.version).model_dump_json().encode()
        try:
            if etag is None:
                self._s3.put_object(Bucket=self._bucket, Key=CURRENT, Body=body, IfNoneMatch="*")
            else:
                self._s3.put_object(Bucket=self._bucket, Key=CURRENT, Body=body, IfMatch=etag)
        except ClientError as error:
            if _status(error) in {409, 412}:
                raise Stale("Another playbook was published at the same moment.") from error
            raise

    def put_asset(self, file: str, content: bytes) -> None:
        """A file that offers give away, from now on."""
        self._s3.put_object(Bucket=self._bucket, Key=ASSETS + file, Body=content)

    def has_asset(self, file: str) -> bool:
        """Was it put before?"""
        try:
            self._s3.head_object(Bucket=self._bucket, Key=ASSETS + file)
        except ClientError as error:
            if _status(error) == 404:
                return False
            raise
        return True

    def _look(self) -> None:
        version, etag = self._current()
        if version is None or etag is None or etag == self._etag:
            return
        if self._live is None or self._live.playbook.version != version:
            self._live = self.version(version)
        self._etag = etag

    def _current(self) -> tuple[str | None, str | None]:
        try:
            body, etag = self._read(CURRENT)
        except ClientError as error:
            if _status(error) == 404:
                return None, None
            raise
        return Current.model_validate_json(body).version, etag

    def _read(self, key: str) -> tuple[bytes, str]:
        found = self._s3.get_object(Bucket=self._bucket, Key=key)
        return found["Body"].read(), found["ETag"]


@cache
def playbooks(wiring: Wiring) -> Playbooks:
    """The playbooks of one process."""
    return Playbooks(wiring.s3, wiring.settings(PlaybookSettings).PLAYBOOK_BUCKET)


def asset_url(file: str) -> str:
    """Where the browser fetches a file of the playbook's assets from, saved under its name."""
    return wired().s3.generate_presigned_url(
        "get_object",
        Params={
            "Bucket": wired().settings(PlaybookSettings).PLAYBOOK_BUCKET,
            "Key": ASSETS + file,
            "ResponseContentDisposition": f'attachment; filename="{file}"',
        },
        ExpiresIn=FETCH_WITHIN,
    )


def playbook() -> Compiled:
    """The live playbook of this process."""
    return playbooks(wired()).live()


def _status(error: ClientError) -> int:
    return error.response["ResponseMetadata"]["HTTPStatusCode"]
