"""Every sample that a door of ours takes, bent and broken: the reader gives each one a name.

It never raises, never hangs, keeps the bytes, and says the same twice; and what it made of them
goes over a queue as it is, and has its outcome.
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
from leadloop.intake.feeds.read import ENTRY_TYPE, ROW_TYPE
from leadloop.intake.files.rows import FileRow
from leadloop.intake.policy import Source
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.model.decision import Postponed, Verdict
from leadloop.model.submission import Channel, Submission
from leadloop.playbook.load import load_playbook
from tests.fuzz.bending import mutate_sample
from tests.fuzz.conftest import FULL, InputCounter
from tests.stories.world import MONDAY, World

ROOT = Path(__file__).parents[2]
PER_SOURCE = 500 if FULL else 60
CPU_SECONDS = 5  # what one input may cost (RELIABILITY: one input, one budget)
PERSON = {"name": "Ada Byron", "email": "ada@byron.example", "phone": "+44 20 7946 0958"}


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
    mails = list(bodies("mail_in"))
    row = FileRow(
        line=7,
        values={f"contact.{name}": text for name, text in PERSON.items()},
        others={"Score": "3"},
    )
    said = "".join(f"<p>{name}: {text}</p>" for name, text in PERSON.items())
    entry = {"title": "A lead", "text": said, "guid": "7", **PERSON}
    feed = [(json.dumps(entry).encode(), ENTRY_TYPE), (json.dumps([PERSON]).encode(), "text/json")]
    return {
        "mail": mails,
        "file": [(row.body, ROW_TYPE)],
        "feed": [
            *feed,
            (row.body, ROW_TYPE),
            *mails,
            *(each for each in http if b"<adf" in each[0]),
        ],
        **dict.fromkeys(("form", "partner", "desk", "webhook"), http),
    }


@st.composite
def arriving(draw: st.DrawFn, kind: str) -> tuple[bytes, str | None]:
    """A bent sample, as what it is or as something else."""
    known = seeds()[kind]
    body = draw(mutate_sample([body for body, _ in known]))
    media = draw(st.sampled_from([*dict(known).values(), "text/plain", "application/xml", None]))
    return body, media


@cache
def world(_source: str) -> World:
    """What comes later meets what came before."""
    return World()


SOURCES = load_playbook(ROOT / "shared" / "playbooks" / "acme").sources


@pytest.mark.parametrize("name", sorted(SOURCES))
@settings(max_examples=PER_SOURCE)
@given(data=st.data())
def test_whatever_comes_has_a_name(name: str, data: st.DataObject) -> None:
    source: Source = SOURCES[name]
    body, media = data.draw(arriving(source.kind))
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
    found = read_envelope(envelope, body, source)
    assert time.process_time() - began < CPU_SECONDS
    InputCounter.count += 1
    made = (found.submission,) if isinstance(found, UnreadableEnvelope) else found
    if not made:
        return  # no lead in it, and said so: a bounce, a newsletter
    assert len({each.id for each in made}) == len(made)
    assert all(each.raw.sha256 == sha256(body) for each in made)
    assert read_envelope(envelope, body, source) == found
    assert [Submission.model_validate_json(each.model_dump_json()) for each in made] == list(made)
    outcomes = world(name).act(*made)
    assert all(isinstance(each, Verdict | Postponed) for each in outcomes)
