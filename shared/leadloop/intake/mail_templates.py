"""Rules for one vendor's mails, where the common reading does not suffice: rows, no code.

The value that a pattern finds is the vendor's word. So it is searched outside the person's own
message; only the message itself is searched everywhere.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from leadloop.model.base import Model
from leadloop.model.contact import MESSAGE_FIELD
from leadloop.policy.patterns import Pattern, compile_pattern

LONGEST_SEARCHED = 100_000  # characters
SELECTOR_PLACES = ("label", "row", "subject", "sender", "text")
ShortText = Annotated[str, Field(min_length=1, max_length=200)]


class FieldSelector(Model):
    """Where the value of a field (`contact.email`, `interest.…`, or an own one) stands.

    `label`: the words before it in the text. `row`: the same, but only in the first cell of a
    table row. `subject`, `sender` (the name before its address) and `text`: a pattern of RE2. Its
    group `value` counts, else its first group, else the whole match. Groups named after fields
    (`contact__name`) give several values at once.
    """

    field: ShortText
    label: ShortText | None = None
    row: ShortText | None = None
    subject: Pattern | None = None
    sender: Pattern | None = None
    text: Pattern | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(getattr(self, place) is not None for place in SELECTOR_PLACES) != 1:
            raise ValueError(f"a field is found in one place: {', '.join(SELECTOR_PLACES)}")
        return self


class MailTemplate(Model):
    """Rows for the mails from `senders` (domains) with a subject that the pattern `subject` finds.

    Without `senders` or `subject`, for all of them. `others` are labels of somebody else (the
    agent, the shop): the values below them are not the person's. `ends_message` are beginnings of
    lines with which the vendor goes on after the person's own words.
    """

    id: ShortText
    senders: tuple[str, ...] = ()
    subject: Pattern | None = None
    find: tuple[FieldSelector, ...] = ()
    others: tuple[ShortText, ...] = ()
    ends_message: tuple[ShortText, ...] = ()


class TemplateMatch(NamedTuple):
    """A value that one row found. `origin` names the row, for people who ask why."""

    name: str
    text: str
    origin: str


def template_matches(template: MailTemplate, sender_domain: str, subject: str) -> bool:
    """Whether a template speaks of this mail."""
    is_sender = not template.senders or any(
        is_within_domain(sender_domain, sender) for sender in template.senders
    )
    return is_sender and (
        template.subject is None or _search(template.subject, subject) is not None
    )


def search_templates(
    templates: Iterable[MailTemplate], subject: str, sender: str, text: str, message: str | None
) -> Iterator[TemplateMatch]:
    """What patterns find, in the order of the rows; `sender` is the name before the address.

    `message` are the person's own words in the text: only the message itself is searched there.
    """
    text = text[:LONGEST_SEARCHED]
    vendor_text = text.replace(message, "") if message else text
    for template in templates:
        for row, selector in enumerate(template.find, 1):
            for place, pattern, searched in (
                ("subject", selector.subject, subject),
                ("sender", selector.sender, sender),
                ("text", selector.text, text if selector.field == MESSAGE_FIELD else vendor_text),
            ):
                match = _search(pattern, searched) if pattern else None
                if match is not None:
                    origin = f"{template.id}, row {row}: {place}"
                    yield from _values(origin, selector.field, match)


def _values(origin: str, name: str, match: object) -> Iterator[TemplateMatch]:
    named: dict[str, str | None] = match.groupdict()  # type: ignore[attr-defined]
    for group, text in named.items():
        if group != "value" and text:
            yield TemplateMatch(group.replace("__", "."), text, origin)
    groups: tuple[str | None, ...] = match.groups()  # type: ignore[attr-defined]
    text = named.get("value") or (groups[0] if groups and not named else None)
    if text is None and not groups:
        text = match.group()  # type: ignore[attr-defined]
    if text:
        yield TemplateMatch(name, text, origin)


def _search(pattern: str, text: str) -> object:
    try:
        match: object = compile_pattern(pattern).search(text)
    except UnicodeEncodeError:  # a lone surrogate: RE2 reads UTF-8 only
        return None
    return match


def is_within_domain(domain: str, parent: str) -> bool:
    """Whether `domain` is `parent` or one below it; `domain` is in small letters."""
    return domain == parent.lower() or domain.endswith(f".{parent.lower()}")
