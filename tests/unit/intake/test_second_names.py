"""Two names of one field: the first is taken, the second stands in `ignored`."""

from datetime import UTC, datetime

import pytest

from leadloop.intake.envelope import Envelope
from leadloop.intake.policy import DeskSource, PartnerSource
from leadloop.intake.read import read_or_raise
from leadloop.model.submission import Channel

AT = datetime(2026, 12, 1, tzinfo=UTC)
COMMON = {"id": "x", "product_line": "p", "country": "SE", "language": "sv"}


@pytest.mark.parametrize(
    ("body", "email", "ignored"),
    [
        (b'{"epost": "a@by.example", "mejl": "b@by.example"}', "a@by.example", ("mejl",)),
        (b'{"epost": "", "mejl": "b@by.example"}', "b@by.example", ()),
        (b'{"mejl": "b@by.example", "contact.email": "c@by.example"}', "b@by.example",
         ("contact.email",)),
        (b'{"epost": "a@by.example", "mejl": " "}', "a@by.example", ()),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["desk", "partner"])
def test_the_second_name_is_told(
    kind: str, body: bytes, email: str, ignored: tuple[str, ...]
) -> None:
    fields = {"epost": "contact.email", "mejl": "contact.email"}
    source: DeskSource | PartnerSource = (
        DeskSource.model_validate({**COMMON, "kind": "desk", "fields": fields})
        if kind == "desk"
        else PartnerSource.model_validate(
            {**COMMON, "kind": "partner", "fields": fields, "vendor": "v"}
        )
    )
    envelope = Envelope.of("x", Channel(kind), body, "k", AT, content_type="application/json")
    (submission,) = read_or_raise(envelope, body, source)
    assert (submission.contact.email, submission.ignored) == (email, ignored)
