"""Every sample that a door of ours takes, bent and broken: the reader gives each one a name.

It never raises, never hangs, keeps the bytes, and says the same twice.
"""

import base64
import json
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.policy import Source
from leadloop.intake.read import Unreadable, read
from leadloop.model.submission import Channel
from leadloop.playbook.load import load
from tests.fuzz.conftest import FULL, Tried
from tests.stories.world import MONDAY

ROOT = Path(__file__).parents[2]
PER_SOURCE = 500 if FULL else 60
CPU_SECONDS = 5  # what one input may cost (RELIABILITY: one input, one budget)
SPLINTERS = (
    b"", b"\0", b"\r\n\r\n", b"\xff\xfe", b"&#0;", b"<![CDATA[", b"]]>", b"<!DOCTYPE x>", b"--",
    b'{"a":', b"[[[[", b'"', b"=?utf-8?B?", b"Content-Type: multipart/mixed; boundary=", b"%00%",
    b"<table><tr>", b"\xed\xa0\x80", "\u202e".encode(), b"=\r\n", b"e" * 300, b"1e999", b"-",
)  # fmt: skip


def bodies(folder: str) -> Iterator[tuple[bytes, str | None]]:
    for path in sorted((ROOT / "events" / folder).glob("*")):
        if path.suffix == ".eml":
            yield path.read_bytes(), "message/rfc822"
        elif path.suffix == ".json":
            event = json.loads(path.read_text())
            if isinstance(event, dict) and event.get("body"):
                body = str(event["body"])
                raw = (
                    base64.b64decode(body)
                    if event.get("isBase64Encoded")
                    else body.encode("utf-8", "surrogatepass")
                )
                yield raw, (event.get("headers") or {}).get("content-type")


@cache
def seeds() -> dict[str, list[tuple[bytes, str | None]]]:
    http = [*bodies("capture"), *bodies("partners")]
    return {"mail": list(bodies("mail_in")), "http": http}


@st.composite
def bent(draw: st.DrawFn, kind: str) -> tuple[bytes, str | None]:
    """A sample with a few things cut out, put in, doubled or turned, or two spliced."""
    known = seeds()["mail" if kind == "mail" else "http"]
    body, media = draw(st.sampled_from(known))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(body)))
        to = min(len(body), at + draw(st.integers(0, 60)))
        match draw(st.sampled_from(["cut", "put", "double", "splice", "bits"])):
            case "cut":
                body = body[:at] + body[to:]
            case "put":
                body = body[:at] + draw(st.sampled_from(SPLINTERS)) + body[at:]
            case "double":
                body = body[:to] + body[at:to] * draw(st.integers(1, 40)) + body[to:]
            case "splice":
                body = body[:at] + draw(st.sampled_from(known))[0][at:]
            case _:
                body = body[:at] + bytes(byte ^ 0x41 for byte in body[at:to]) + body[to:]
    media = draw(st.sampled_from([media, "text/plain", "application/xml", None]))
    return body, media


SOURCES = load(ROOT / "shared" / "playbooks" / "acme").sources


@pytest.mark.parametrize("name", sorted(SOURCES))
@settings(max_examples=PER_SOURCE)
@given(data=st.data())
def test_whatever_comes_has_a_name(name: str, data: st.DataObject) -> None:
    source: Source = SOURCES[name]
    body, media = data.draw(bent(source.kind))
    envelope = Envelope(
        id=submission_id(name, sha256(body)),
        source=name,
        channel=Channel(source.kind),
        received_at=MONDAY,
        sha256=sha256(body),
        size=len(body),
        body=body,
        content_type=media,
    )
    began = time.process_time()
    found = read(envelope, body, source)
    assert time.process_time() - began < CPU_SECONDS
    Tried.count += 1
    made = (found.submission,) if isinstance(found, Unreadable) else found
    if not made:
        return  # no lead in it, and said so: a bounce, a newsletter
    assert len({each.id for each in made}) == len(made)
    assert all(each.raw.sha256 == sha256(body) for each in made)
    assert read(envelope, body, source) == found
