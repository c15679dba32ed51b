"""The person whom a subject names where the text names nobody: “Lead | Ada Byron | ada@x.example”.

The subject must speak of a request. An address of the sender's house, of a desk or of a machine is
no person's. A number counts only beside it, and the words before them are the name.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.formats import person_names
from leadloop.intake.formats.phone_in_text import PHONE, find_phone
from leadloop.intake.mail.address_kinds import is_machine_address, is_role_address
from leadloop.intake.mail.opened_mail import OpenedMail
from leadloop.intake.mail.subject_phrases import for_other_pattern, inquiry_pattern

EMAIL_MARK, PHONE_MARK = "\x01", "\x02"
PIECE_SEPARATOR = re.compile(r"[,;|()<>\[\]:：、，/·•\"“”]|\s[-–—]\s")
LEAST_DIGITS = 7  # of a number with its area
LONGEST_SUBJECT = 500  # characters that are looked at


class _NamedPiece(NamedTuple):
    name: str = ""
    is_of_other: bool = False


def read_subject_person(opened: OpenedMail) -> Mapping[str, str]:
    """The contact's fields by full names; empty where the subject names no person's address."""
    subject = opened.mail.subject[:LONGEST_SUBJECT]
    emails = {email.rstrip(".") for email in EMAIL_PATTERN.findall(subject)}
    if len(emails) != 1 or not _speaks_of_request(opened):
        return {}
    (email,) = emails
    is_vendors = opened.is_from_organisation_of(email) or opened.is_relay(email)
    if is_vendors or is_role_address(email) or is_machine_address(email):
        return {}
    marked = EMAIL_PATTERN.sub(f"|{EMAIL_MARK}|", subject)
    phones = [match for match in PHONE.findall(marked) if _count_digits(match) >= LEAST_DIGITS]
    phone = find_phone(phones[0]) if len(phones) == 1 else None
    if phone and phone.isdecimal() and not phone.startswith("0"):
        phone = None  # it may be the number of the request
    if phone:
        marked = marked.replace(phone, f"|{PHONE_MARK}|")
    pieces = [piece.strip() for piece in PIECE_SEPARATOR.split(marked)]
    pieces = [piece for piece in pieces if piece.strip(" .-–—")]
    named = _name_before(pieces, opened)
    if named.is_of_other:
        return {}
    values = {"contact.email": email, "contact.name": named.name}
    if phone and abs(pieces.index(PHONE_MARK) - pieces.index(EMAIL_MARK)) <= 1 + bool(named.name):
        values["contact.phone"] = phone
    return {field: text for field, text in values.items() if text}


def _speaks_of_request(opened: OpenedMail) -> bool:
    matter = opened.matter
    is_other = matter.is_vendor_business or matter.is_reply or matter.is_summary
    return matter.is_inquiry and not is_other


def _name_before(pieces: list[str], opened: OpenedMail) -> _NamedPiece:
    """The name at the end of the piece before the address and the number."""
    at = pieces.index(EMAIL_MARK)
    before = [piece for piece in pieces[:at] if piece != PHONE_MARK]
    if not before:
        return _NamedPiece()
    piece = before[-1]
    matches = list(inquiry_pattern().finditer(piece))
    text = piece[matches[-1].end() :] if matches else piece
    words = text.split()
    start = len(words)
    while start and not words[start - 1][0].islower():
        start -= 1
    name = " ".join(words[start:])
    lead_in = f"{piece[: len(piece) - len(text)]} {' '.join(words[:start])}".strip()
    if for_other_pattern().search(lead_in):
        return _NamedPiece(is_of_other=True)
    is_name = person_names.may_be_name(name) and not _is_senders(name, opened)
    return _NamedPiece(name if is_name else "")


def _is_senders(name: str, opened: OpenedMail) -> bool:
    """Whether a name is that of the vendor who sends the mail."""
    joined = "".join(name.casefold().split())
    sender = "".join((opened.mail.sender_name or "").casefold().split())
    return joined in sender or joined in opened.sender_domain


def _count_digits(text: str) -> int:
    return sum(sign.isdigit() for sign in text)
