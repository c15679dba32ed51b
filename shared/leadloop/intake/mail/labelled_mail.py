"""The person that the labelled text of a mail names (`Name: Ada`), in doubt or not."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from leadloop.intake.fields.mapping import build_parts_leniently, qualified_name, value_or_none
from leadloop.intake.fields.prospect import Prospect
from leadloop.intake.formats import labelled_text, person_names
from leadloop.intake.formats.labelled_text import LabelledValues, normalise_values, read_labels
from leadloop.intake.mail.blank_forms import drop_blank_form
from leadloop.intake.mail.boilerplate import strip_boilerplate
from leadloop.intake.mail.doubts import ProspectCase, prospect_doubts
from leadloop.intake.mail.forwarded import FORWARD_SEPARATOR, split_forward
from leadloop.intake.mail.opened_mail import OpenedMail
from leadloop.intake.mail.sayings import find_saying
from leadloop.intake.mail.sender import choose_address, merge_address, merge_origins
from leadloop.intake.mail.subject_phrases import inquiry_pattern
from leadloop.intake.mail_templates import TemplateMatch, search_templates
from leadloop.intake.text.html_text import CELL_SEPARATOR
from leadloop.model.errors import Unreadable


class _TextReading(NamedTuple):
    """A text and its values; whether it was passed on, with somebody's address above it."""

    text: str
    labelled: LabelledValues
    is_forwarded: bool = False
    has_contact_above: bool = False


def read_labelled_mail(opened: OpenedMail) -> Prospect:
    """The person of the plain text or the HTML, whichever names somebody and says more.

    Raises:
        Unreadable: the mail has no text.
    """
    reading = max(_readings(opened), key=lambda each: _completeness(each.labelled))
    if reading.is_forwarded:
        opened = opened.without_sender()
    values, origins = dict(reading.labelled.values), dict(reading.labelled.by)
    matches = tuple(_template_values(opened, reading))
    if not matches and _tells_of_nobody(opened, reading):
        values = {name: text for name, text in values.items() if not name.startswith("contact.")}
        origins = {name: origin for name, origin in origins.items() if name in values}
        opened = opened.without_sender()
    for match in matches:
        values[match.name], origins[match.name] = match.text, match.origin
    values = _drop_boilerplate(normalise_values(values, origins))
    address = choose_address(values, origins, opened)
    reaches = bool(address.email or address.relay or "contact.phone" in values)
    values = dict(drop_blank_form(values, reading.text, has_contact=reaches))
    parts, faults = build_parts_leniently(merge_address(values, address))
    doubts = prospect_doubts(
        ProspectCase(opened, reading.text, reading.labelled, parts, reading.has_contact_above)
    )
    return Prospect(
        parts, labelled_text.PARSER, (*faults, *doubts), merge_origins(origins, address)
    )


def _readings(opened: OpenedMail) -> list[_TextReading]:
    """The plain text first: it counts where the HTML, often the fuller of the two, says no more."""
    mail = opened.mail
    plain = mail.plain.replace(CELL_SEPARATOR, " ")  # only a table makes cells
    texts = [text for text in (plain, opened.markup_text) if text.strip()]
    if mail.inside.strip():
        texts = [f"{text}\n{FORWARD_SEPARATOR}\n{mail.inside}" for text in texts or [""]]
    if not texts:
        raise Unreadable("the mail has no text")
    return [_read_text(text, opened) for text in texts]


def _read_text(text: str, opened: OpenedMail) -> _TextReading:
    """The part that was passed on, unless above it stands a vendor's mail with a message."""
    whole = _TextReading(text, _read_labels_and_saying(text, opened))
    forward = split_forward(text, opened.mail.subject)
    if forward is None:
        return whole
    above = read_labels(forward.above, opened.source_labels)
    below = read_labels(forward.below, opened.source_labels)
    if labelled_text.MESSAGE in above.values or not _has_contact(below):
        return whole
    return _TextReading(
        forward.below, below, is_forwarded=True, has_contact_above=_has_contact(above)
    )


def _read_labels_and_saying(text: str, opened: OpenedMail) -> LabelledValues:
    """The values of the labels, and of a portal's “Ada says:” what no label gives."""
    mail = opened.mail
    saying = None if mail.bulk else find_saying(text, (mail.sender_name, mail.reply_name))
    if saying is None:
        return read_labels(text, opened.source_labels)
    labelled = read_labels(saying.rest, opened.source_labels)
    said = {labelled_text.MESSAGE: saying.message}
    if not labelled_text.NAME_FIELDS & labelled.values.keys():
        said["contact.name"] = saying.name
    return labelled._replace(
        values={**said, **labelled.values},
        by={**dict.fromkeys(said, saying.origin), **labelled.by},
    )


def _completeness(labelled: LabelledValues) -> tuple[bool, int]:
    return _has_contact(labelled), len(labelled.values)


def _has_contact(labelled: LabelledValues) -> bool:
    return bool({"contact.email", "contact.phone"} & labelled.values.keys())


def _tells_of_nobody(opened: OpenedMail, reading: _TextReading) -> bool:
    """Whether it went to many, whatever heads, labels or signatures it quotes.

    A vendor's notice may have a line to unsubscribe, too: then its labels name the whole person.
    """
    mail, values = opened.mail, reading.labelled.values
    if not mail.bulk or any(t.senders or t.subject for t in opened.templates):
        return False
    names_person = bool(labelled_text.NAME_FIELDS & values.keys()) and _has_contact(
        reading.labelled
    )
    is_notice = inquiry_pattern().search(mail.subject) is not None and not mail.list_mail
    return reading.is_forwarded or not (is_notice and names_person)


def _drop_boilerplate(values: Mapping[str, str]) -> dict[str, str]:
    """The values without a portal's own sentences in the message."""
    message = strip_boilerplate(values.get(labelled_text.MESSAGE, ""))
    others = {name: text for name, text in values.items() if name != labelled_text.MESSAGE}
    return {**others, labelled_text.MESSAGE: message} if message else others


def _template_values(opened: OpenedMail, reading: _TextReading) -> Iterator[TemplateMatch]:
    """What the vendor's own rows find, by our full names; the first row for a field counts."""
    mail = opened.mail
    message = reading.labelled.values.get("interest.message")
    names: set[str] = set()
    for match in search_templates(
        opened.templates, mail.subject, mail.sender_name or "", reading.text, message
    ):
        name = qualified_name(match.name)
        if name in labelled_text.NAME_FIELDS and person_names.has_non_name_word(match.text):
            continue
        if name not in names and value_or_none(match.text) is not None:
            names.add(name)
            yield match._replace(name=name)
