from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from leadloop.edge.live_playbook import PlaybookStore
from leadloop.edge.versioned_objects import REFRESH_SECONDS
from leadloop.model.errors import PlaybookInvalid, Stale
from leadloop.playbook.versions import stamp_version
from tests.functions.aws_fixture import PLAYBOOK

BUCKET = "playbooks"
OTHER = stamp_version(PLAYBOOK.but(company=PLAYBOOK.company.but(name="Aqua Pumps & Sons")))


class Ticks:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3", "us-east-1")
        client.create_bucket(Bucket=BUCKET)
        yield client


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def playbooks(s3: Any, ticks: Ticks) -> PlaybookStore:
    return PlaybookStore(s3, BUCKET, ticks=ticks)


def test_what_is_published_is_live(playbooks: PlaybookStore) -> None:
    playbooks.publish(PLAYBOOK)
    assert playbooks.live().playbook == PLAYBOOK


def test_nothing_published_says_so(playbooks: PlaybookStore) -> None:
    with pytest.raises(PlaybookInvalid, match="nothing is published"):
        playbooks.live()


def test_another_version_is_live_within_ten_seconds_and_not_asked_for_before(
    playbooks: PlaybookStore, ticks: Ticks
) -> None:
    playbooks.publish(PLAYBOOK)
    playbooks.live()
    playbooks.publish(OTHER)
    assert playbooks.live().version == PLAYBOOK.version
    ticks.seconds += REFRESH_SECONDS
    assert playbooks.live().version == OTHER.version


def test_conditions_are_compiled_once_per_version(playbooks: PlaybookStore, ticks: Ticks) -> None:
    playbooks.publish(PLAYBOOK)
    first = playbooks.live()
    ticks.seconds += REFRESH_SECONDS
    assert playbooks.live() is first


@pytest.mark.parametrize("broken", [b"{not json", b'{"version": "gone"}', b"{}"])
def test_the_last_good_playbook_stays_whatever_is_found(
    s3: Any, playbooks: PlaybookStore, ticks: Ticks, broken: bytes
) -> None:
    playbooks.publish(PLAYBOOK)
    playbooks.live()
    s3.put_object(Bucket=BUCKET, Key="playbook/current.json", Body=broken)
    ticks.seconds += REFRESH_SECONDS
    assert playbooks.live().version == PLAYBOOK.version


def test_who_saw_an_older_version_publishes_nothing(playbooks: PlaybookStore) -> None:
    playbooks.publish(PLAYBOOK)
    playbooks.publish(OTHER)
    with pytest.raises(Stale):
        playbooks.publish(PLAYBOOK, instead_of=PLAYBOOK.version)
    assert playbooks.live().version == OTHER.version


def test_an_unseen_version_can_be_read_by_name(playbooks: PlaybookStore) -> None:
    playbooks.publish(PLAYBOOK)
    playbooks.publish(OTHER)
    assert playbooks.version(PLAYBOOK.version).playbook == PLAYBOOK


def test_the_last_versions_are_kept_compiled_and_no_more(s3: Any) -> None:
    playbooks = PlaybookStore(s3, BUCKET, most_kept=2)
    names = "abc"
    versions = [
        stamp_version(PLAYBOOK.but(company=PLAYBOOK.company.but(name=name))) for name in names
    ]
    for version in versions:
        playbooks.publish(version)
    first, second = (playbooks.version(each.version) for each in versions[:2])
    assert playbooks.version(versions[0].version) is first
    playbooks.version(versions[2].version)
    assert playbooks.version(versions[0].version) is first
    assert playbooks.version(versions[1].version) is not second


def test_a_version_that_never_was_is_an_error(playbooks: PlaybookStore) -> None:
    with pytest.raises(ClientError):
        playbooks.version("0" * 12)


def test_of_two_who_publish_at_once_one_is_told(s3: Any, playbooks: PlaybookStore) -> None:
    playbooks.publish(PLAYBOOK)
    overtaken: Any = _Overtaken(s3, lambda: playbooks.publish(OTHER))
    slow = PlaybookStore(overtaken, BUCKET)
    with pytest.raises(Stale):
        slow.publish(PLAYBOOK)
    assert playbooks.live().version == OTHER.version


class _Overtaken:
    """A client whose owner is overtaken after reading, before anything is put."""

    def __init__(self, s3: Any, then: Callable[[], object]) -> None:
        self._s3, self._then = s3, then

    def __getattr__(self, name: str) -> Any:
        return getattr(self._s3, name)

    def put_object(self, **asked: Any) -> Any:
        then, self._then = self._then, lambda: None
        then()
        return self._s3.put_object(**asked)
