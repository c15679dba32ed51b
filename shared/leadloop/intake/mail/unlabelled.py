"""What a mail tells of the person without labels, where its labels leave a gap.

Each value needs its own evidence: a phrase, the neighbourhood of the person's mail address, or the
same words in the subject and in the text. What is in doubt stays empty.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from leadloop.intake.fields.label_vocabulary import (
    field_for_label,
    is_other_party_heading,
    is_other_party_label,
    plain_label,
)
from leadloop.intake.formats.label_layouts import is_unticked, parse_label_line
from leadloop.intake.formats.labelled_values import NAME_FIELDS, LabelledValues
from leadloop.intake.formats.mail_lines import readable_lines
from leadloop.intake.formats.message_headings import announces_message
from leadloop.intake.formats.offer_address import PRODUCT
from leadloop.intake.mail.address_kinds import is_machine_address, is_role_address
from leadloop.intake.mail.contact_lines import (
    find_company_near,
    find_email,
    find_phone_beside,
    find_phone_near,
    find_town_near,
    name_in_card,
    own_phone_in_message,
)
from leadloop.intake.mail.free_message import TextLines
from leadloop.intake.mail.mail_values import MORE_TEXT, words_of_person
from leadloop.intake.mail.name_candidates import (
    AnnouncedPerson,
    announced_persons,
    called_in_speech,
    clean_name,
    expand_name,
    is_name_of_mailbox,
    name_in_subject,
    name_of_address,
)
from leadloop.intake.mail.offer_lines import find_offer
from leadloop.intake.mail.opened_mail import OpenedMail
from leadloop.intake.mail.sayings import person_in_display_name
from leadloop.intake.text.text_marks import CELL_SEPARATOR
from leadloop.model.contact import MESSAGE_FIELD

EMAIL, PHONE, NAME = "contact.email", "contact.phone", "contact.name"
SHORTEST_NAME = 4  # letters of a first name that stands beside a number
LEAST_SHARED = 8  # letters by which the end of a line is known as the message's
MOST_LINES_KEPT = 500
MOST_LINES = 80  # in which a sentence may name the person
TEXT_ORIGIN = "a line without a label"


class UnlabelledValues(NamedTuple):
    """Texts by full names, and what gave each."""

    values: Mapping[str, str]
    by: Mapping[str, str]


def read_unlabelled(text: str, labelled: LabelledValues, opened: OpenedMail) -> UnlabelledValues:
    """What the text tells beside its labels; empty for a mail to many."""
    mail = opened.mail
    matter = opened.matter
    is_other = matter.is_vendor_business or matter.is_other_matter or matter.is_reply
    if mail.list_mail or mail.invites or (mail.bulk and not matter.is_inquiry) or is_other:
        return UnlabelledValues({}, {})
    reader = _UnlabelledReader(text, labelled, opened)
    if not (matter.is_inquiry or reader.tells_of_inquiry()):
        return UnlabelledValues({}, {})
    found = reader.read()
    return UnlabelledValues(found, dict.fromkeys(found, TEXT_ORIGIN))


class _UnlabelledReader:
    def __init__(self, text: str, labelled: LabelledValues, opened: OpenedMail) -> None:
        self._opened = opened
        self._vendor = opened.vendor
        self._labelled = labelled
        self._values = labelled.values
        self._lines = readable_lines(text)
        message = words_of_person(labelled.values.get(MESSAGE_FIELD, ""), self._vendor)
        own = {line.strip() for line in message.split("\n") if line.strip()}
        ends = tuple(line for line in own if len(line) >= LEAST_SHARED)
        self._outside = [
            "" if line.strip() in own or (ends and line.rstrip().endswith(ends)) else line
            for line in self._lines
        ]

    def tells_of_inquiry(self) -> bool:
        """Whether the subject, a sentence or a label says that somebody asks for something."""
        if self._opened.matter.may_wish:
            return True
        if {MESSAGE_FIELD, PRODUCT} & self._values.keys():
            return True
        if any(announces_message(line) for line in self._outside[:MOST_LINES]):
            return True
        return any(each.weight > 1 and " " in each.name for each in self._announced())

    def read(self) -> dict[str, str]:
        """What is found; what nothing has taken is kept beside it."""
        found = self._find_values()
        rest = self._rest(found) if {EMAIL, PHONE} & {*self._values, *found} else ""
        return found | ({MORE_TEXT: rest} if rest else {})

    def _find_values(self) -> dict[str, str]:
        found: dict[str, str] = {}
        email = self._values.get(EMAIL) or self._email_of_reply() or self._email_in_text()
        if email and EMAIL not in self._values:
            found[EMAIL] = email
        announced = list(self._announced())
        name = self._known_name() or self._name(announced, email)
        if name and not NAME_FIELDS & self._values.keys():
            found[NAME] = name
        phone = self._values.get(PHONE) or self._phone(email, name)
        if phone and PHONE not in self._values:
            found[PHONE] = phone
        if not any(field in self._values for field in ("contact.street", "contact.city")):
            town = find_town_near(self._outside, email) if email else {}
            town = town or (find_town_near(self._outside, phone) if phone else {})
            found |= {field: part for field, part in town.items() if field not in self._values}
        reaches = bool(email or phone) or self._has_relay()
        if MESSAGE_FIELD not in self._values and reaches and (name or email):
            message = self._message(announced, email, name, found.get(PHONE))
            found |= {MESSAGE_FIELD: message} if message else {}
        words = self._values.get(MESSAGE_FIELD) or found.get(MESSAGE_FIELD, "")
        if not phone and (own := own_phone_in_message(words)):
            found[PHONE] = own
        if not name and (called := called_in_speech(words, self._vendor)):
            found[NAME] = called
        if company := self._company(announced, found.get(NAME), email):
            found["contact.company"] = company
        if PRODUCT not in self._values and reaches:
            offer = find_offer(self._opened.mail.subject, self._outside, name, self._vendor)
            found |= {PRODUCT: offer} if offer else {}
        return found

    def _rest(self, found: Mapping[str, str]) -> str:
        """What stands below the person's first line, is taken by nothing, and may be the person's.

        Rows and the labels that their reader has kept are left out.
        """
        values = {**self._values, **found}
        texts = (*values.values(), *self._labelled.own.values())
        plain = " ".join(" ".join(texts).split()).casefold()
        fields = (*NAME_FIELDS, EMAIL)
        persons = [text.casefold() for field in fields if (text := values.get(field))]
        kept: list[str] = []
        is_below = False
        for written, outside in zip(self._lines[:MOST_LINES_KEPT], self._outside, strict=False):
            line = " ".join(outside.split())
            is_persons = any(each in line.casefold() for each in persons)
            is_message = bool(written.strip()) and not line
            if is_persons or is_message:
                is_below = True
            elif is_below and self._is_left(outside, plain):
                kept.append(line)
        return "\n".join(kept)

    def _is_left(self, line: str, plain: str) -> bool:
        if CELL_SEPARATOR in line or not self._vendor.may_be_persons(line):
            return False
        pair = parse_label_line(line)
        if pair is not None and self._is_read(pair.label):
            return False
        if pair is None and field_for_label(line, {}) is not None:  # a label alone
            return False
        if is_unticked(line):
            return False
        text = pair.value if pair is not None else line
        return " ".join(text.split()).casefold() not in plain

    def _is_read(self, label: str) -> bool:
        """Whether a label is one of ours, or names somebody else."""
        plain = plain_label(label)
        if is_other_party_label(plain) or is_other_party_heading(plain):
            return True
        return field_for_label(label, self._opened.source_labels.labels) is not None

    def _has_relay(self) -> bool:
        """Whether a portal's address reaches the person: that of the sender, or of `Reply-To`."""
        mail = self._opened.mail
        return any(each and self._opened.is_relay(each) for each in (mail.sender, mail.reply_to))

    def _known_name(self) -> str | None:
        parts = (self._values.get(field) for field in ("contact.first_name", "contact.last_name"))
        return self._values.get(NAME) or " ".join(filter(None, parts)) or None

    def _email_of_reply(self) -> str | None:
        """The address at `Reply-To`, unless it is the vendor's."""
        reply = self._opened.mail.reply_to
        if reply is None or is_machine_address(reply) or is_role_address(reply):
            return None
        if self._opened.is_relay(reply) or self._opened.is_from_organisation_of(reply):
            return None
        return reply

    def _email_in_text(self) -> str | None:
        """The only address in the text that is nobody else's."""
        mail = self._opened.mail
        if EMAIL in self._labelled.others | self._labelled.planted | self._labelled.repeated:
            return None
        excluded = (mail.sender or "", mail.reply_to or "", *mail.recipient_addresses)
        email = find_email(self._outside, excluded, self._vendor)
        if email is None or is_machine_address(email) or is_role_address(email):
            return None
        return None if self._opened.is_from_organisation_of(email) else email

    def _announced(self) -> Iterator[AnnouncedPerson]:
        lines = [line for line in self._outside[:MOST_LINES] if line.strip() and "\x1f" not in line]
        yield from announced_persons((self._opened.mail.subject, *lines), self._vendor)

    def _name(self, announced: list[AnnouncedPerson], email: str | None) -> str | None:
        """The name that the address confirms, or else the first that a phrase announces."""
        texts = (self._opened.mail.subject, *self._outside[:MOST_LINES])
        ranked = sorted(announced, key=lambda each: -each.weight)
        names = [expand_name(each.name, texts) for each in ranked]
        if email:
            sender = name_in_subject(self._opened.mail.subject, self._vendor)
            if sender and is_name_of_mailbox(sender, email):
                return sender
            confirmed = [name for name in names if is_name_of_mailbox(name, email)]
            if confirmed:
                return next((name for name in confirmed if " " in name), confirmed[0])
            if found := name_of_address(texts, email, self._vendor):
                return found
        shown = person_in_display_name(self._opened.mail.sender_name)
        display = clean_name(shown or "", self._vendor)
        for name in names:
            if display and display.casefold() in name.casefold():
                return name
        if called := called_in_speech(self._values.get(MESSAGE_FIELD, ""), self._vendor):
            return called
        several = [name for name in names if len(name.split()) > 1]
        if (sender := name_in_subject(self._opened.mail.subject, self._vendor)) in several:
            return sender
        card = name_in_card(self._outside, email, self._vendor) if email else None
        return next(iter(several), card)

    def _phone(self, email: str | None, name: str | None) -> str | None:
        if PHONE in self._labelled.others | self._labelled.planted:
            return None
        anchors = [each for each in (email, name) if each]
        near = find_phone_near(self._outside, anchors, self._vendor) if anchors else None
        first_name = (name or "").partition(" ")[0]
        if near or len(first_name) < SHORTEST_NAME:
            return near
        return find_phone_beside(self._outside, first_name, self._vendor)

    def _company(
        self, announced: list[AnnouncedPerson], name: str | None, email: str | None
    ) -> str | None:
        if "contact.company" in self._values:
            return None
        near = find_company_near(self._outside, email) if email else None
        named = (each.company for each in announced if each.company and each.name == name)
        return near or next(named, None)

    def _message(
        self,
        announced: list[AnnouncedPerson],
        email: str | None,
        name: str | None,
        phone: str | None,
    ) -> str | None:
        known = [each for each in (email, name, phone, self._values.get(PHONE)) if each]
        lines = TextLines(self._outside, known, self._vendor, self._opened.mail.subject)
        return lines.find_message([each.line for each in announced])
