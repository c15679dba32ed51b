"""Whom a mail tells of: which of its formats is asked, and whose address is the person's.

What a program wrote for programs (ADF, JSON, a table with a header) is believed before what it
wrote for people. But a web form mails what its visitor uploads, too: where the text names one
person and an attachment another, nobody is believed, and somebody looks at it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from leadloop.intake.fields.mapping import (
    SubmissionParts,
    build_parts_leniently,
    qualified_name,
    value_or_none,
)
from leadloop.intake.fields.prospect import Prospect
from leadloop.intake.formats import grids, json_leads, labelled_text, person_names
from leadloop.intake.formats.adf import is_adf, read_adf, text_before_adf
from leadloop.intake.formats.labelled_text import (
    LabelledValues,
    SourceLabels,
    build_source_labels,
    normalise_values,
    read_labels,
)
from leadloop.intake.mail.forwarded import FORWARD_SEPARATOR, split_forward
from leadloop.intake.mail.message import MailMessage
from leadloop.intake.mail.relay_addresses import is_conversation_address, is_relay_address
from leadloop.intake.mail_templates import (
    MailTemplate,
    is_within_domain,
    search_templates,
    template_matches,
)
from leadloop.intake.policy import MailSource
from leadloop.intake.text.html_text import CELL_SEPARATOR, grids_of_html, text_of_html
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable

MACHINE_ADDRESS = re.compile(
    r"(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|notifications?|bounces?)\b[^@]{0,64}@",
    re.IGNORECASE,
)
# Who answers at such an address is the vendor's staff as often as the person.
ROLE_ADDRESS = re.compile(
    r"(?:info|support|help|hello|contact|kontakt|service|sales|team|office|admin|marketing|news"
    r"|newsletter|leads?|mail|web|webmaster|customer\.?(?:care|service)|feedback|billing)@",
    re.IGNORECASE,
)
INQUIRY_SUBJECT = re.compile(
    r"\b(?:leads?|inquir|enquir|message from|contact(?: form| request)|form submission|submission"
    r"|call ?back|rückruf|interested in|requested|request(?:s|ed)? (?:a|for|from)|quote"
    r"|is looking for|anfrage|interessent|kontaktformular|nachricht von|demande|message de|contacto"
    r"|consulta|solicitud|richiesta|messaggio da|pedido|contato|zapytanie|wiadomość od|aanvraag"
    r"|bericht van|förfrågan|forespørsel|заявка|запрос|お問い合わせ|询盘|문의)",
    re.IGNORECASE,
)
SUMMARY_SUBJECT = re.compile(
    r"\b(?:summary|digest|weekly|monthly|daily|report|statistics|newsletter|invoice|receipt"
    r"|your subscription|webinar|zusammenfassung|wochenbericht|rechnung|facture|résumé|resumen"
    r"|riepilogo|podsumowanie|overzicht)\b",
    re.IGNORECASE,
)
# What answers us, or is said to everybody, whatever it speaks of.
ACKNOWLEDGEMENT_SUBJECT = re.compile(
    r"\b(?:thank you for (?:your|contacting)|(?:we(?:'ve| have)? )?received your|bien reçue?"
    r"|eingangsbestätigung|(?:ist )?eingegangen|abbiamo ricevuto|hemos recibido"
    r"|recebemos (?:seu|sua)|dziękujemy za|bedankt voor|tack för|tak for|press release"
    r"|pressemitteilung|communiqué)\b",
    re.IGNORECASE,
)
# Of a vendor's own business with us. Who asks us something says so, or what it is.
BUSINESS_SUBJECT = re.compile(
    r"\b(?:(?:weekly|monthly|daily|quarterly) \w{1,20}|newsletter|statistics|invoice|receipt"
    r"|payment (?:received|reminder|failed|due)|your subscription|password|quota|rechnung"
    r"|(?:was|is) (?:now )?(?:published|live)"
    r"|(?:order|booking) confirmation|your (?:order|parcel|account)|account (?:suspended|locked)"
    r"|report domain|ihr abo|ihre bestellung|bestellbestätigung|kontoauszug|passwort|wochenbericht"
    r"|facture|relevé|commande|mot de passe|factura|recibo|contraseña|fattura|ricevuta|fatura|senha"
    r"|faktura|hasło|factuur|nieuwsbrief|kvitto|lösenord|faktúra|счет|счёт|пароль|рассылка|請求書"
    r"|发票|發票|청구서)\b",
    re.IGNORECASE,
)
SPAM_FLAG = re.compile(  # by the vendor itself, which saw what we do not
    r"(?i)(?:flagged|marked|identified|classified|detected|caught) as (?:\w{1,12} )?spam"
    r"|\bspam(?: score| status)?\s{0,3}:\s{0,3}(?:yes|true|likely|high)\b"
    r"|als spam (?:markiert|eingestuft|erkannt)|marqué comme spam"
)
SECOND_LEVEL_DOMAINS = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne"})


FORMAT_NAMES = {"adf": "ADF", "json": "JSON", "rows": "table of rows"}


def read_prospects(mail: MailMessage, source: MailSource) -> tuple[Prospect, ...]:
    """One for each person, in doubt or not; raises `Unreadable` where nothing can be made of it."""
    own = _source_labels(mail, source)
    markup = text_of_html(mail.markup)
    structured = _read_structured(mail, source, own, markup)
    if source.format not in {"labels", "auto"}:
        if not structured:
            raise Unreadable(f"there is no {FORMAT_NAMES[source.format]} in the mail")
        return structured
    if not structured:
        return (_read_labelled_text(mail, source, own, markup),)
    spoken = _read_labelled_text(mail, source, own, markup) if _has_text(mail, markup) else None
    if spoken is None or not _is_reachable(spoken.parts) or _matches_any(spoken, structured):
        return structured
    if all(_is_empty(prospect.parts) for prospect in structured):
        return (spoken,)
    doubt = Reason(code="two_persons", text="the text names one person, its attachment another")
    return tuple(p._replace(doubts=(*p.doubts, doubt)) for p in structured)


def _read_structured(
    mail: MailMessage, source: MailSource, own: SourceLabels, markup: str
) -> tuple[Prospect, ...]:
    """Of the first format that is there and that the source may use."""
    readers: dict[str, Callable[[], tuple[Prospect, ...]]] = {
        "adf": lambda: _adf(mail, source, markup),
        "json": lambda: _json(mail, own, markup),
        "rows": lambda: _rows(mail, own),
    }
    for name, reader in readers.items():
        if source.format in {name, "auto"} and (found := reader()):
            return found
    return ()


def _adf(mail: MailMessage, source: MailSource, markup: str) -> tuple[Prospect, ...]:
    for text in mail.documents:
        if is_adf(text):
            return read_adf(text)
    for text in (mail.plain, mail.markup, markup):
        if is_adf(text) and (source.format == "adf" or not _inside_fields(text)):
            return read_adf(text)
    return ()


def _inside_fields(text: str) -> bool:
    """Whether labels come before the ADF: then it is a person's own words, not the vendor's."""
    return bool(read_labels(text_before_adf(text), {}).values)


def _json(mail: MailMessage, own: SourceLabels, markup: str) -> tuple[Prospect, ...]:
    for text in (*mail.objects, mail.plain, markup):
        if json_leads.is_json_text(text):
            return json_leads.read_json_leads(text, own)
    return ()


def _rows(mail: MailMessage, own: SourceLabels) -> tuple[Prospect, ...]:
    for data in mail.tables:
        if found := grids.read_attachment(data, own):
            return found
    for grid in grids_of_html(mail.markup):
        if found := grids.read_grid(grid, own):
            return found
    return ()


def _has_text(mail: MailMessage, markup: str) -> bool:
    return bool(mail.plain.strip() or markup.strip())


def _is_empty(parts: SubmissionParts) -> bool:
    return not parts.contact.model_dump(exclude_none=True)


def _matches_any(spoken: Prospect, structured: tuple[Prospect, ...]) -> bool:
    """Nothing contradicts where neither says who it is by an address or a number."""
    return any(_is_same_person(spoken.parts, other.parts) for other in structured)


def _is_same_person(one: SubmissionParts, other: SubmissionParts) -> bool:
    emails = {(p.contact.email or "").casefold() for p in (one, other)}
    phones = {re.sub(r"\D", "", p.contact.phone or "")[-9:] for p in (one, other)}
    if "" not in emails:
        return len(emails) == 1
    if "" not in phones:
        return len(phones) == 1
    names = {_plain_name(one), _plain_name(other)}
    return "" in names or len(names) == 1


def _plain_name(parts: SubmissionParts) -> str:
    contact = parts.contact
    whole = contact.name or " ".join(filter(None, (contact.first_name, contact.last_name)))
    return " ".join(sorted(whole.casefold().split()))


def matching_templates(mail: MailMessage, source: MailSource) -> tuple[MailTemplate, ...]:
    """The source's rows that speak of this mail."""
    domain = _domain_of(mail.sender or "")
    return tuple(t for t in source.templates if template_matches(t, domain, mail.subject))


def _source_labels(mail: MailMessage, source: MailSource) -> SourceLabels:
    templates = matching_templates(mail, source)
    finds = [find for template in templates for find in template.find]
    mapped = {**source.fields, **source.labels}
    return build_source_labels(
        {**{label: qualified_name(name) for label, name in mapped.items()},
         **{find.label: qualified_name(find.field) for find in finds if find.label}},
        {find.row: qualified_name(find.field) for find in finds if find.row},
        [label for template in templates for label in template.others],
        tuple(start for template in templates for start in template.ends_message),
    )  # fmt: skip


def _read_labelled_text(
    mail: MailMessage, source: MailSource, own: SourceLabels, markup: str
) -> Prospect:
    """The plain text if it names somebody, else the HTML, which is often the fuller of the two."""
    plain = mail.plain.replace(CELL_SEPARATOR, " ")  # only a table makes cells
    texts = [text for text in (plain, markup) if text.strip()]
    if mail.inside.strip():
        texts = [f"{text}\n{FORWARD_SEPARATOR}\n{mail.inside}" for text in texts or [""]]
    if not texts:
        raise Unreadable("the mail has no text")
    read = [_read_forwarded(read_labels(text, own), text, mail, own) for text in texts]
    text, best, passed_on, above = max(read, key=lambda each: _completeness(each.found))
    if passed_on:
        mail = mail._replace(reply_to=None, sender=None)  # they are who passed it on
    values, by = dict(best.values), dict(best.by)
    for name, found, said in _template_values(mail, source, text, best):
        values[name], by[name] = found, said
    values = normalise_values(values, by)
    _assign_addresses(values, by, mail, source)
    parts, faults = build_parts_leniently(values)
    doubts = [*faults, *_text_doubts(mail, text, best, parts)]
    if above:
        said = "above what was passed on stands somebody's address or number, too"
        doubts.append(Reason(code="two_persons", text=said))
    return Prospect(parts, labelled_text.PARSER, tuple(doubts), by)


class _TextReading(NamedTuple):
    """A text, what is found in it, and whether somebody passed it on, who stands `above` it."""

    text: str
    found: LabelledValues
    passed_on: bool = False
    above: bool = False


def _read_forwarded(
    found: LabelledValues, text: str, mail: MailMessage, own: SourceLabels
) -> _TextReading:
    """What was passed on, unless what stands above it is a vendor's mail with a person's words."""
    forward = split_forward(text, mail.subject)
    if forward is None:
        return _TextReading(text, found)
    above, below = read_labels(forward.above, own), read_labels(forward.below, own)
    if labelled_text.MESSAGE in above.values or not _completeness(below)[0]:
        return _TextReading(text, found)
    return _TextReading(forward.below, below, passed_on=True, above=_completeness(above)[0])


def _template_values(
    mail: MailMessage, source: MailSource, text: str, best: LabelledValues
) -> Iterator[tuple[str, str, str]]:
    """What the vendor's own rows found; the first row that finds a field gives it."""
    templates = matching_templates(mail, source)
    message = best.values.get("interest.message")
    seen: set[str] = set()
    for clause in search_templates(templates, mail.subject, mail.sender_name or "", text, message):
        name = qualified_name(clause.name)
        if name in labelled_text.NAME_FIELDS and person_names.has_non_name_word(clause.text):
            continue
        if name not in seen and value_or_none(clause.text) is not None:
            seen.add(name)
            yield name, clause.text, clause.said


def _text_doubts(
    mail: MailMessage, text: str, best: LabelledValues, parts: SubmissionParts
) -> Iterator[Reason]:
    if SPAM_FLAG.search(text.replace(best.values.get("interest.message") or "\0", "")):
        yield Reason(code="spam", text="the vendor itself calls it spam")
    if best.has_several_persons:
        yield Reason(code="several_persons", text="the mail tells of more than one person")
    if _is_reachable(parts):
        yield from _person_doubts(mail, parts)
        return
    if mail.bulk and not best.values:
        yield Reason(code="newsletter", text="it was sent to many and names nobody")
    elif not best.values:
        yield Reason(code="no_labels", text="no label that we know is in the text")
    else:
        yield Reason(code="nobody_to_reach", text="no e-mail and no phone of a person")
    if best.planted:
        yield Reason(code="contact_in_message", text="an e-mail or phone stands in the message")
    if best.others:
        yield Reason(code="contact_of_others", text="what reaches somebody is a dealer's")


def _person_doubts(mail: MailMessage, parts: SubmissionParts) -> Iterator[Reason]:
    """Somebody can be reached: a footer's shop or an account manager as well as the person."""
    if parts.interest.message:
        return
    ours = INQUIRY_SUBJECT.search(mail.subject) is not None
    if ACKNOWLEDGEMENT_SUBJECT.search(mail.subject) or (
        BUSINESS_SUBJECT.search(mail.subject) and not ours
    ):
        yield Reason(code="no_inquiry", text="the subject speaks of the vendor's own business")
    elif not ours and not _has_name(parts) and not _is_personal_address(parts.contact.email, mail):
        yield Reason(code="nobody_named", text="who can be reached has no name and asks nothing")


def _is_personal_address(email: str | None, mail: MailMessage) -> bool:
    """Whether an address alone may be a person's: a number alone stands in every footer."""
    return bool(email) and not (
        mail.bulk
        or ROLE_ADDRESS.match(email or "")
        or _is_same_organisation(_domain_of(mail.sender or ""), _domain_of(email or ""))
    )


def _completeness(labelled: LabelledValues) -> tuple[bool, int]:
    found = labelled.values.keys()
    return bool({"contact.email", "contact.phone"} & found), len(found)


def _is_reachable(parts: SubmissionParts) -> bool:
    relayed = "relay_email" in parts.fields and _has_name(parts)
    return bool(parts.contact.email or parts.contact.phone or relayed)


def _has_name(parts: SubmissionParts) -> bool:
    return bool(parts.contact.name or parts.contact.first_name or parts.contact.last_name)


def _assign_addresses(
    values: dict[str, str], by: dict[str, str], mail: MailMessage, source: MailSource
) -> None:
    """A portal's relay address is kept as a way to answer, never as the person's own.

    Where no label gives an address, `Reply-To` is the person's if it is not the sender's house.
    """
    email = values.get("contact.email")
    if email is not None and MACHINE_ADDRESS.match(email):
        del values["contact.email"]
        email = None
    if email is not None and _is_relay_address(email, mail, source):
        values["fields.relay_email"] = values.pop("contact.email")
        by["fields.relay_email"] = by.pop("contact.email", "")
        return
    reply_to = mail.reply_to
    if email is not None:
        return
    if reply_to is None:
        _relay_of_sender(values, by, mail, source)
    elif MACHINE_ADDRESS.match(reply_to) is None:
        theirs = _is_same_organisation(_domain_of(mail.sender or ""), _domain_of(reply_to))
        if theirs or _is_relay_address(reply_to, mail, source):
            values["fields.relay_email"], by["fields.relay_email"] = reply_to, "Reply-To"
            _name_of_sender(values, by, mail)
        elif _may_be_the_person(reply_to, values, mail):
            values["contact.email"], by["contact.email"] = reply_to, "Reply-To"
            if not any(name in values for name in labelled_text.NAME_FIELDS) and _is_a_name(
                mail.reply_name
            ):
                values["contact.name"] = mail.reply_name or ""
                by["contact.name"] = "the name at Reply-To"


def _relay_of_sender(
    values: dict[str, str], by: dict[str, str], mail: MailMessage, source: MailSource
) -> None:
    sender = mail.sender or ""
    if (
        _is_relay_address(sender, mail, source)
        and MACHINE_ADDRESS.match(sender) is None
        and not ROLE_ADDRESS.match(sender)
    ):
        values["fields.relay_email"], by["fields.relay_email"] = sender, "From"
        _name_of_sender(values, by, mail)


def _name_of_sender(values: dict[str, str], by: dict[str, str], mail: MailMessage) -> None:
    """A portal that writes in the person's name; only where the subject says the same name."""
    name = mail.sender_name
    if any(each in values for each in labelled_text.NAME_FIELDS) or not _is_a_name(name):
        return
    if name and name.casefold() in mail.subject.casefold():
        values["contact.name"], by["contact.name"] = name, "the name at From, and in the subject"


def _is_a_name(text: str | None) -> bool:
    return (
        bool(text) and "@" not in (text or "") and not person_names.is_placeholder_name(text or "")
    )


def _may_be_the_person(address: str, values: Mapping[str, str], mail: MailMessage) -> bool:
    """A newsletter has a Reply-To of another house too: the mail must speak of an inquiry."""
    if any(name.startswith("contact.") for name in values):
        return True
    if mail.bulk or ROLE_ADDRESS.match(address) or SUMMARY_SUBJECT.search(mail.subject):
        return False
    return bool("interest.message" in values or INQUIRY_SUBJECT.search(mail.subject))


def _is_relay_address(address: str, mail: MailMessage, source: MailSource) -> bool:
    domain = _domain_of(address)
    if is_relay_address(address) or any(is_within_domain(domain, relay) for relay in source.relays):
        return True
    return is_conversation_address(address) and _is_same_organisation(
        domain, _domain_of(mail.sender or "")
    )


def _is_same_organisation(one: str, other: str) -> bool:
    return bool(one) and _registrable_domain(one) == _registrable_domain(other)


def _registrable_domain(domain: str) -> str:
    """What somebody registered, near enough: `acme.co.uk` of `mail.acme.co.uk`."""
    parts = domain.split(".")
    three = len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in SECOND_LEVEL_DOMAINS
    return ".".join(parts[-3 if three else -2 :])


def _domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()
