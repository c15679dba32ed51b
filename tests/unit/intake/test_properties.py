"""Whatever comes in: read never breaks, keeps the bytes, and gives the same ids each time."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from leadloop.intake.envelope import Envelope, sha256
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.model.submission import Channel, Submission

TEXT = st.text(st.characters() | st.sampled_from("\0\ud800\udfff"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
NAMES = st.sampled_from(["email", "first_name", "phone", "message", "employees", "consent", "crm"])
DOCUMENT = st.dictionaries(NAMES | TEXT, JSON, max_size=8).map(lambda d: json.dumps(d).encode())
LINE = st.sampled_from(
    [
        "Name: Ada",
        "Message: hi",
        "Phone: 202-555-0146",
        "Email: a@b.example",
        "",
        "-- ",
        "Label:",
        "<adf><prospect>",
        "<customer><contact>",
        "</adf>",
        "Content-Type: text/html",
        "--b",
        "&x;",
        "Content-Type: multipart/mixed; boundary=b",
        "From: a <b@c.example>",
        "<td>Name</td><td>x",
    ]
)
LINES = st.lists(LINE | st.text(max_size=30), max_size=12).map(
    lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass")
)
TYPES = [
    "application/json",
    "application/x-www-form-urlencoded",
    "text/xml",
    "x",
    "",
    None,
    "a/b;=",
]
BODIES = st.binary(max_size=300) | DOCUMENT | LINES

sources = pytest.mark.parametrize("kind", ["form", "partner", "drop", "hook"])


def submissions(found: Any) -> tuple[Submission, ...]:
    return (found.submission,) if isinstance(found, UnreadableEnvelope) else found


@sources
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(body=BODIES, content_type=st.sampled_from(TYPES) | st.text(max_size=20))
@example(body=b"\0Message:\0", content_type=None)
@example(body=b"Message: " + b"x" * 10_001, content_type=None)  # in doubt, and the field is named
@example(body=b"<adf><prospect>&#xD800;</prospect></adf>", content_type="text/xml")
def test_nothing_breaks_the_reader_and_nothing_is_lost(
    request: pytest.FixtureRequest,
    enveloped: Callable[..., Envelope],
    kind: str,
    body: bytes,
    content_type: str | None,
) -> None:
    source = request.getfixturevalue(kind)
    channel = Channel.MAIL if kind == "drop" else Channel.FORM
    envelope = enveloped(body, channel, content_type=content_type)
    found = read_envelope(envelope, body, source)
    made = submissions(found)
    assert made
    assert len({each.id for each in made}) == len(made)
    assert made[0].id == envelope.id
    assert all(each.raw.body == body and each.raw.sha256 == sha256(body) for each in made)
    assert isinstance(found, UnreadableEnvelope) == bool(len(made) == 1 and made[0].unreadable)
    assert submissions(read_envelope(envelope, body, source)) == made
    for each in made:
        assert Submission.model_validate_json(each.model_dump_json()) == each
