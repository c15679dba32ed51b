import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from moto import mock_aws

from leadloop.edge import raw_bodies
from leadloop.model.submission import Channel, Location, Raw, Submission

BUCKET = "raw-bytes"


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        yield client


def submission(body: bytes) -> Submission:
    return Submission(
        id="A" * 26,
        source="pumps",
        channel=Channel.FORM,
        received_at=datetime(2026, 11, 21, tzinfo=UTC),
        raw=Raw(sha256=hashlib.sha256(body).hexdigest(), size=len(body), body=body),
    )


def test_a_small_body_stays_in_the_submission(s3: Any) -> None:
    small = submission(b"x" * 50_000)  # packs to almost nothing
    assert raw_bodies.store_large_body(s3, BUCKET, small) == small
    assert raw_bodies.read_body(s3, small.raw) == b"x" * 50_000


def test_a_big_body_lies_in_s3_and_is_given_back_byte_for_byte(s3: Any) -> None:
    big = submission(os.urandom(9_000))
    kept = raw_bodies.store_large_body(s3, BUCKET, big)
    assert kept.raw.body is None
    assert kept.raw.location is not None
    assert kept.raw.location.key.startswith(f"raw/{big.id}")
    assert raw_bodies.read_body(s3, kept.raw) == big.raw.body


def test_a_second_body_under_one_id_leaves_the_first_where_it_is(s3: Any) -> None:
    first, second = (
        raw_bodies.store_large_body(s3, BUCKET, submission(os.urandom(9_000))) for _ in range(2)
    )
    assert first.raw.location != second.raw.location
    assert hashlib.sha256(raw_bodies.read_body(s3, first.raw)).hexdigest() == first.raw.sha256


def test_keeping_twice_is_keeping_once(s3: Any) -> None:
    big = submission(os.urandom(9_000))
    assert raw_bodies.store_large_body(s3, BUCKET, big) == raw_bodies.store_large_body(
        s3, BUCKET, big
    )


def test_what_lies_in_s3_already_is_left_there(s3: Any) -> None:
    lying = Location(bucket=BUCKET, key="in/mail")
    mail = submission(b"")
    mail = mail.but(raw=mail.raw.but(body=None, location=lying))
    assert raw_bodies.store_large_body(s3, BUCKET, mail).raw.location == lying
