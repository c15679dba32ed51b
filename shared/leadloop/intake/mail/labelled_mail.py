"""The person that the labelled text of a mail names (`Name: Ada`), in doubt or not."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.mapping import (
    LONGEST,
    build_parts_leniently,
    qualified_name,
    value_or_none,
)
from leadloop.intake.fields.prospect import Prospect
from leadloop.intake.formats import labelled_text, person_names
from leadloop.intake.formats.labelled_text import read_labels
from leadloop.intake.formats.labelled_values import (
    NAME_FIELDS,
    LabelledValues,
    normalise_values,
)
from leadloop.intake.mail.address_kinds import (
    domain_of,
    is_machine_address,
    is_role_address,
    is_same_organisation,
)
from leadloop.intake.mail.blank_forms import drop_blank_answers, drop_blank_form
from leadloop.intake.mail.chat_transcripts import Chat, find_chat
from leadloop.intake.mail.doubts import prospect_doubts
from leadloop.intake.mail.forwarded import (
    FORWARD_SEPARATOR,
    Forward,
    names_party,
    split_forward,
)
from leadloop.intake.mail.headers import first_address
from leadloop.intake.mail.mail_values import MORE_TEXT, clean_values
from leadloop.intake.mail.opened_mail import OpenedMail
from leadloop.intake.mail.prospect_case import ProspectCase
from leadloop.intake.mail.sayings import find_saying
from leadloop.intake.mail.sender import EMAIL, choose_address, merge_address, merge_origins
from leadloop.intake.mail.subject_person import read_subject_person
from leadloop.intake.mail.unlabelled import UnlabelledValues, read_unlabelled
from leadloop.intake.mail_templates import TemplateMatch, search_templates
from leadloop.intake.text.character_references import read_references
from leadloop.model.contact import MESSAGE_FIELD
from leadloop.model.errors import Unreadable

MOST_FORWARDS = 4  # of one mail, each inside the one before


class _TextReading(NamedTuple):
    """A text and its values; whether it was passed on, with somebody's address above it.

    `sender` is who wrote what was passed on, by its head; `passed_on_by` the address of who did.
    """

    text: str
    labelled: LabelledValues
    is_forwarded: bool = False
    has_contact_above: bool = False
    sender: str = ""
    passed_on_by: str = ""


def read_labelled_mail(opened: OpenedMail) -> Prospect:
    """The person of the plain text or the HTML, whichever names somebody and says more.

    Raises:
        Unreadable: the mail has no text.
    """
    reading = max(_readings(opened), key=lambda each: _completeness(each.labelled))
    if reading.is_forwarded:
        opened = opened.without_sender()
    values, origins = dict(reading.labelled.values), dict(reading.labelled.by)
    loose = UnlabelledValues({}, {})
    if not reading.is_forwarded:
        loose = read_unlabelled(reading.text, reading.labelled, opened)
        values, origins = {**loose.values, **values}, {**loose.by, **origins}
    matches = tuple(_template_values(opened, reading))
    if not matches and _tells_of_nobody(opened, reading):
        values = {name: text for name, text in values.items() if not name.startswith("contact.")}
        origins = {name: origin for name, origin in origins.items() if name in values}
        opened = opened.without_sender()
    for match in matches:
        values[match.name], origins[match.name] = match.text, match.origin
    writer = _writer_of_forward(reading, opened)
    values = writer or clean_values(normalise_values(values, origins), opened.vendor)
    address = choose_address(values, origins, opened)
    if not reading.is_forwarded and not address.email and not address.relay:
        values = {**_subject_values(reading.labelled.values, origins, opened), **values}
        address = choose_address(values, origins, opened)
    reaches = bool(address.email or address.relay or "contact.phone" in values)
    values = dict(drop_blank_form(values, reading.text, has_contact=reaches))
    answers = reading.labelled.own
    answers = answers if reaches else drop_blank_answers(answers, reading.text)
    own = {f"fields.{name}": text for name, text in answers.items()}
    if MORE_TEXT in own and MORE_TEXT in values:
        values[MORE_TEXT] = f"{values[MORE_TEXT]}\n{own[MORE_TEXT]}"
    parts, faults = build_parts_leniently({**own, **merge_address(values, address)})
    doubts = prospect_doubts(
        ProspectCase(
            opened,
            reading.text,
            reading.labelled,
            parts,
            reading.has_contact_above,
            bool(writer),
        )
    )
    return Prospect(
        parts,
        labelled_text.PARSER,
        (*faults, *doubts),
        merge_origins(origins, address),
        reading.labelled.ignored,
    )


def _subject_values(
    values: Mapping[str, str], origins: dict[str, str], opened: OpenedMail
) -> Mapping[str, str]:
    """What the subject tells of a person whom the text does not name; `origins` get their place."""
    if "contact.phone" in values or EMAIL in values or NAME_FIELDS & values.keys():
        return {}
    found = read_subject_person(opened)
    origins.update(dict.fromkeys(found, "the subject"))
    return found


def _readings(opened: OpenedMail) -> list[_TextReading]:
    """The plain text first: it counts where the HTML, often the fuller of the two, says no more."""
    mail = opened.mail
    texts = [text for text in (opened.arranged_plain, opened.arranged_markup) if text.strip()]
    if mail.inside.strip():
        texts = [f"{text}\n{FORWARD_SEPARATOR}\n{mail.inside}" for text in texts or [""]]
    if not texts:
        raise Unreadable("the mail has no text")
    return [_read_text(read_references(text), opened) for text in texts]


def _read_text(text: str, opened: OpenedMail) -> _TextReading:
    """The part that was passed on, unless above it stands a vendor's mail with a message."""
    mail = opened.mail
    chat = None if mail.bulk else find_chat(text, mail.subject, opened.vendor)
    if chat is not None:
        return _TextReading(chat.rest, _read_chat(chat, opened))
    reading = _TextReading(text, _read_labels_and_saying(text, opened))
    passed_on_by = (mail.sender_name or "", mail.sender or "")
    for _ in range(MOST_FORWARDS):
        forward = split_forward(reading.text, mail.subject)
        if forward is None:
            break
        inner = _read_forward(forward, passed_on_by, opened)
        if inner is None:
            break
        has_contact_above = reading.has_contact_above or inner.has_contact_above
        reading = inner._replace(has_contact_above=has_contact_above)
        passed_on_by = first_address(forward.sender)
    return reading


def _read_forward(
    forward: Forward, passed_on_by: tuple[str, str], opened: OpenedMail
) -> _TextReading | None:
    """What was passed on; None where the whole is one mail, with an older one in it.

    What reaches whoever passed it on is no second person's.
    """
    above = read_labels(forward.above, opened.source_labels)
    forward = forward._replace(below=opened.arrange(forward.below))
    below = read_labels(forward.below, opened.source_labels)
    is_signed = names_party(forward.above, *passed_on_by)
    if not forward.is_marked and not is_signed:
        return None
    if not is_signed and MESSAGE_FIELD in above.values:
        return None
    has_contact_above = _has_contact(above) or bool(above.others)
    has_name_above = bool(NAME_FIELDS & above.values.keys())
    is_signature = has_contact_above and not has_name_above
    if not _has_contact(below) and above.values and not is_signature:
        return None
    return _TextReading(
        forward.below,
        below,
        is_forwarded=True,
        has_contact_above=_has_contact(above) and not is_signed,
        sender=forward.sender,
        passed_on_by=passed_on_by[1],
    )


def _read_chat(chat: Chat, opened: OpenedMail) -> LabelledValues:
    """What the labels round a chat tell, and the visitor's own lines."""
    labelled = read_labels(chat.rest, opened.source_labels)
    values = {name: value for name, value in labelled.values.items() if name != MESSAGE_FIELD}
    origins = dict.fromkeys(chat.values, chat.origin)
    return labelled._replace(values={**chat.values, **values}, by={**origins, **labelled.by})


def _read_labels_and_saying(text: str, opened: OpenedMail) -> LabelledValues:
    """The values of the labels, and of a portal's “Ada says:” what no label gives."""
    mail = opened.mail
    saying = None if mail.bulk else find_saying(text, (mail.sender_name, mail.reply_name))
    if saying is None:
        return read_labels(text, opened.source_labels)
    labelled = read_labels(saying.rest, opened.source_labels)
    said = {MESSAGE_FIELD: saying.message}
    if not NAME_FIELDS & labelled.values.keys():
        said["contact.name"] = saying.name
    return labelled._replace(
        values={**said, **labelled.values},
        by={**dict.fromkeys(said, saying.origin), **labelled.by},
    )


def _writer_of_forward(reading: _TextReading, opened: OpenedMail) -> dict[str, str]:
    """The sender and the words of a person's own mail that was passed on; else empty."""
    name, email = first_address(reading.sender)
    is_vendors = (
        not EMAIL_PATTERN.fullmatch(email)
        or is_machine_address(email)
        or is_role_address(email)
        or opened.is_relay(email)
        or is_same_organisation(domain_of(email), domain_of(reading.passed_on_by))
    )
    if is_vendors or any(field.startswith("contact.") for field in reading.labelled.values):
        return {}
    values = {"contact.name": name, "contact.email": email, MESSAGE_FIELD: reading.text}
    longest = LONGEST[True]
    return {field: text.strip()[:longest] for field, text in values.items() if text.strip()}


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
    names_person = bool(NAME_FIELDS & values.keys()) and _has_contact(reading.labelled)
    is_notice = opened.matter.is_inquiry and not mail.list_mail
    return reading.is_forwarded or not (is_notice and names_person)


def _template_values(opened: OpenedMail, reading: _TextReading) -> Iterator[TemplateMatch]:
    """What the vendor's own rows find, by our full names; the first row for a field counts."""
    mail = opened.mail
    message = reading.labelled.values.get(MESSAGE_FIELD)
    names: set[str] = set()
    for match in search_templates(
        opened.templates, mail.subject, mail.sender_name or "", reading.text, message
    ):
        name = qualified_name(match.name)
        if name in NAME_FIELDS and person_names.has_non_name_word(match.text):
            continue
        if name not in names and value_or_none(match.text) is not None:
            names.add(name)
            yield match._replace(name=name)
