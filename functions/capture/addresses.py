"""The address in a post: an impossible one is refused, and a slip in it is shown once.

A page that can show the suggestion posts `address_seen`, empty at first. Who sends the same address
again means it. A post without that name is never asked.
"""

from collections.abc import Iterator, Mapping

from leadloop.intake.fields.mapping import (
    EMAIL_FIELD,
    normalise_whitespace,
    resolve_name,
    storage_fault,
)
from leadloop.intake.fields.placeholders import is_placeholder_address
from leadloop.intake.public_sources import PublicForm
from leadloop.model.base import Reason

ADDRESS_SEEN = "address_seen"
SUGGESTION_CODE = "email_suggestion"


def address_faults(document: Mapping[str, object], source: PublicForm) -> tuple[Reason, ...]:
    """A fault for each impossible address, and for each that may hold a slip."""
    found = (_fault(name, text, document) for name, text in _addresses(document, source))
    return tuple(fault for fault in found if fault)


def suggested_address(text: str) -> str:
    """The address that was probably meant; empty if there is none."""
    # It loads lists that most calls of the door do not need.
    from leadloop.quality.email import parse_email  # noqa: PLC0415

    email = parse_email(normalise_whitespace(text))
    return (email.suggestion or "") if email else ""


def _fault(name: str, text: str, document: Mapping[str, object]) -> Reason | None:
    from leadloop.quality.email import parse_email  # noqa: PLC0415  as above

    if parse_email(text) is None:
        return Reason(code="email", text=f"{name}: is no e-mail address", field=name)
    seen = document.get(ADDRESS_SEEN)
    suggestion = suggested_address(text)
    if not suggestion or not isinstance(seen, str) or normalise_whitespace(seen) == text:
        return None
    fault = f"{name}: did you mean {suggestion}?"
    return Reason(code=SUGGESTION_CODE, text=fault, field=name)


def _addresses(document: Mapping[str, object], source: PublicForm) -> Iterator[tuple[str, str]]:
    """Each address that somebody wrote, by the name it was sent under."""
    for name, value in document.items():
        if not isinstance(value, str) or resolve_name(name, source.fields) != EMAIL_FIELD:
            continue
        text = normalise_whitespace(value)
        if text and storage_fault(EMAIL_FIELD, value) is None and not is_placeholder_address(text):
            yield name, text
