"""Which format of a mail names its persons.

A format that a program wrote for programs (ADF, JSON, a table with a header) is believed before the
text for people. But a web form also mails what its visitor uploads. So where the text names one
person and an attachment another, nobody is believed and a person looks at it.
"""

import re

from leadloop.intake.fields.mapping import SubmissionParts
from leadloop.intake.fields.prospect import Prospect
from leadloop.intake.formats import grids, json_leads
from leadloop.intake.formats.adf import is_adf, read_adf, text_before_adf
from leadloop.intake.formats.labelled_text import read_labels
from leadloop.intake.mail.digests import split_digest
from leadloop.intake.mail.labelled_mail import read_labelled_mail
from leadloop.intake.mail.mail_events import json_pairs, line_pairs, tells_mail_event
from leadloop.intake.mail.message import MailMessage
from leadloop.intake.mail.opened_mail import OpenedMail
from leadloop.intake.mail.prospect_case import is_reachable
from leadloop.intake.policy import MailSource
from leadloop.intake.text.html_text import grids_of_html
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable

MAIL_EVENT = Reason(code="mail_event", text="a mail system tells what became of a mail")
NO_PROSPECT = "the XML in the mail names no prospect"
FORMAT_NAMES = {"adf": "ADF", "json": "JSON", "rows": "table of rows"}


def read_prospects(mail: MailMessage, source: MailSource) -> tuple[Prospect, ...]:
    """One prospect for each person, in doubt or not.

    Raises:
        Unreadable: the mail has no text, or not the format that the source demands.
    """
    opened = OpenedMail(mail, source)
    structured = _read_structured(opened)
    if source.format not in {"labels", "auto"}:
        if not structured and mail.documents:
            raise Unreadable(NO_PROSPECT)
        if not structured:
            raise Unreadable(f"there is no {FORMAT_NAMES[source.format]} in the mail")
        return structured
    if not structured and mail.documents and not opened.has_text:
        raise Unreadable(NO_PROSPECT)
    if not structured:
        return _read_texts(opened)
    labelled = _read_text(opened) if opened.has_text else None
    if labelled is None or not is_reachable(labelled.parts) or _names_any(labelled, structured):
        return structured
    if all(_is_empty(prospect.parts) for prospect in structured):
        return (labelled,)
    doubt = Reason(code="two_persons", text="the text names one person, its attachment another")
    return tuple(p._replace(doubts=(*p.doubts, doubt)) for p in structured)


def _read_texts(opened: OpenedMail) -> tuple[Prospect, ...]:
    """The person of the text, or the persons of a text that lists several."""
    prospect = _read_text(opened)
    is_several = any(doubt.code == "several_persons" for doubt in prospect.doubts)
    if not is_several and re.search(r"(?<!\d)(?:[2-9]|[1-5]\d)(?!\d)", opened.mail.subject) is None:
        return (prospect,)
    texts = split_digest(opened)
    mails = [opened.mail._replace(plain=text, markup="", inside="") for text in texts]
    return tuple(_read_text(OpenedMail(mail, opened.source)) for mail in mails) or (prospect,)


def _read_text(opened: OpenedMail) -> Prospect:
    """The person of the text for people."""
    pairs = list(line_pairs(opened.mail.plain or opened.markup_text))
    return _drop_mail_event(read_labelled_mail(opened), pairs)


def _read_structured(opened: OpenedMail) -> tuple[Prospect, ...]:
    """The persons of the first format that is there and that the source may use."""
    for name, reader in STRUCTURED_FORMATS.items():
        if opened.source.format in {name, "auto"} and (prospects := reader(opened)):
            return prospects
    return ()


def _read_adf(opened: OpenedMail) -> tuple[Prospect, ...]:
    mail = opened.mail
    for text in mail.documents:
        if is_adf(text):
            return read_adf(text)
    for text in (mail.plain, mail.markup, opened.markup_text):
        if is_adf(text) and (opened.source.format == "adf" or not _has_labels_before_adf(text)):
            return read_adf(text)
    return ()


def _has_labels_before_adf(text: str) -> bool:
    """Whether labels come before the ADF: then a person wrote it, and not the vendor."""
    return bool(read_labels(text_before_adf(text), {}).values)


def _read_json(opened: OpenedMail) -> tuple[Prospect, ...]:
    mail = opened.mail
    for text in (*mail.objects, mail.plain, opened.markup_text):
        if json_leads.is_json_text(text):
            found = json_leads.read_json_leads(text, opened.source_labels)
            pairs = json_pairs(text)
            return tuple(_drop_mail_event(prospect, pairs) for prospect in found)
    return ()


def _drop_mail_event(prospect: Prospect, pairs: list[tuple[str, str]]) -> Prospect:
    """The prospect without its person, and in doubt, where a mail system tells of a mail."""
    if not tells_mail_event(pairs, prospect.parts):
        return prospect
    return prospect._replace(parts=SubmissionParts(), doubts=(MAIL_EVENT,), by={})


def _read_rows(opened: OpenedMail) -> tuple[Prospect, ...]:
    for data in opened.mail.tables:
        if prospects := grids.read_attachment(data, opened.source_labels):
            return prospects
    for grid in grids_of_html(opened.mail.markup):
        if prospects := grids.read_grid(grid, opened.source_labels):
            return prospects
    return ()


STRUCTURED_FORMATS = {"adf": _read_adf, "json": _read_json, "rows": _read_rows}


def _is_empty(parts: SubmissionParts) -> bool:
    return not parts.contact.model_dump(exclude_none=True)


def _names_any(labelled: Prospect, structured: tuple[Prospect, ...]) -> bool:
    return any(_may_be_same_person(labelled.parts, other.parts) for other in structured)


def _may_be_same_person(first: SubmissionParts, second: SubmissionParts) -> bool:
    """Compares addresses, else phone numbers, else names; True where one of them has none."""
    emails = {(parts.contact.email or "").casefold() for parts in (first, second)}
    phones = {re.sub(r"\D", "", parts.contact.phone or "")[-9:] for parts in (first, second)}
    if "" not in emails:
        return len(emails) == 1
    if "" not in phones:
        return len(phones) == 1
    names = {_comparable_name(first), _comparable_name(second)}
    return "" in names or len(names) == 1


def _comparable_name(parts: SubmissionParts) -> str:
    """The words of the name in small letters, sorted: their order does not matter."""
    contact = parts.contact
    whole = contact.name or " ".join(filter(None, (contact.first_name, contact.last_name)))
    return " ".join(sorted(whole.casefold().split()))
