"""Webhook posts, and the answers of vendors' APIs, become submissions.

A vendor cannot be asked to repair a post. So a lead in doubt is not refused: it goes to quarantine
with what was read of it, and the other leads of the same post go on.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from leadloop.intake.envelope import Envelope, submission_id
from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.attribution import read_touch
from leadloop.intake.fields.flat_document import consent_record, value_as_text
from leadloop.intake.fields.label_vocabulary import (
    field_for_label,
    is_other_party_label,
    plain_label,
)
from leadloop.intake.fields.mapping import (
    EMAIL_FIELD,
    LONG_FIELDS,
    LONGEST,
    NUMBER_FIELDS,
    SubmissionParts,
    build_parts_leniently,
    build_submission,
    missing_field_reasons,
    parse_number,
    qualified_name,
    value_or_none,
)
from leadloop.intake.fields.prospect import VENDOR_ID_FIELD
from leadloop.intake.formats.own_answers import is_own_name, name_of_label
from leadloop.intake.public_sources import PublicWebhook
from leadloop.intake.text.bodies import check_size, json_value, parse_body
from leadloop.intake.text.character_references import replace_unstorable, replace_unstorable_json
from leadloop.intake.text.json_paths import LONGEST_REPORTED, MOST_REPORTED
from leadloop.intake.text.repeated_names import merge_brackets
from leadloop.intake.webhook_signatures import WHOLE_BODY
from leadloop.intake.webhooks.registry import VENDORS, vendor_of
from leadloop.intake.webhooks.vendor_lead import VendorLead, vendor_id_text
from leadloop.intake.webhooks.vendors.json_by_mapping import MOST_LEADS
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable
from leadloop.model.provider_check import ProviderAnswer
from leadloop.model.submission import Fetch, Submission

PARSER = "webhook/6"  # the next number whenever the same bytes would be read differently
WEBHOOK_BYTES = 192 * 1024
LEADING_BLANKS = b"\xef\xbb\xbf \t\r\n"
# Countries where no phone number begins with a zero → digits of a whole number.
DIGITS_WITHOUT_ZERO = {"US": 10, "CA": 10}
MOST_WORDS_OF_NAME = 3  # such as `direct_to_sales`
MOST_LABEL_WORDS = 3  # at the beginning of a question
BRACKETS_AT_END = re.compile(r"[(\[]([^()\[\]]{1,40})[)\]]\W{0,3}$")


def parse_post(
    content_type: str | None, body: bytes, source: PublicWebhook
) -> Mapping[str, object]:
    """The post as named values, with the JSON that the field `source.inside` holds as text.

    A body that begins like JSON is read as JSON, whatever its content type says: the vendor would
    not correct it.

    Raises:
        TooLarge: more than `WEBHOOK_BYTES`. Unreadable: the body has no named values.

    """
    check_size(WEBHOOK_BYTES, body)
    document = _read_document(content_type, body, source)
    if source.inside is None:
        return document
    text = document.get(source.inside)
    if not isinstance(text, str):
        raise Unreadable(f"there is no text in {source.inside}")
    return {**document, **_read_json(replace_unstorable(text).encode())}


def _read_document(
    content_type: str | None, body: bytes, source: PublicWebhook
) -> Mapping[str, object]:
    if body.lstrip(LEADING_BLANKS)[:1] in (b"{", b"["):
        return _read_json(body)
    known_names = {*source.fields, *filter(None, (source.inside, source.key_field))}
    return merge_brackets(parse_body(content_type, body), known_names)


def _read_json(text: bytes) -> dict[str, object]:
    """The JSON object of a text; a list stands at `WHOLE_BODY`."""
    value = json_value(replace_unstorable_json(text))
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        raise Unreadable("the body must be one JSON object, or a list of them")
    return {WHOLE_BODY: value}


def _read_leads(document: Mapping[str, object], source: PublicWebhook) -> Iterator[VendorLead]:
    """The leads of a post; of a list at its root, those of each object in it."""
    batch = document.get(WHOLE_BODY)
    if source.leads == WHOLE_BODY or not isinstance(batch, list):
        yield from vendor_of(source).read_leads(document, source)
        return
    if len(batch) > MOST_LEADS:
        raise Unreadable(f"{len(batch)} leads in one post; send at most {MOST_LEADS}")
    for each in batch:
        if not isinstance(each, dict):
            raise Unreadable("an item of the list is no object")
        yield from vendor_of(source).read_leads(each, source)


def read_webhook_post(
    envelope: Envelope, body: bytes, source: PublicWebhook
) -> tuple[Submission, ...]:
    """A submission for each lead of the post; none if the post is about something else.

    A submission's id is made from the vendor's id of the lead. So a lead that is posted again,
    alone or with others, has the same id.

    Raises:
        TooLarge, Unreadable: as `parse_post`, or the leads are not where the source says.

    """
    document = parse_post(envelope.content_type, body, source)
    leads = _read_leads(document, source)
    return tuple(
        _lead_submission(envelope, lead, number, source) for number, lead in enumerate(leads, 1)
    )


def complete_submission(
    submission: Submission, answer: ProviderAnswer, source: PublicWebhook
) -> Submission:
    """A submission that was only named, completed with the answer of the vendor's API.

    An answer that cannot be read makes the submission unreadable.
    """
    try:
        document = json.loads(replace_unstorable_json(answer.body))
    except (ValueError, RecursionError):
        document = None
    vendor = VENDORS.get(answer.provider)
    if not isinstance(document, dict) or vendor is None or vendor.read_fetched_lead is None:
        reason = Reason(
            code="odd_answer", text="what the vendor answered is not as it describes it"
        )
        return submission.but(fetch=None, unreadable=(reason,), checks=(answer,))
    lead = vendor.read_fetched_lead(document)
    envelope = Envelope(
        id=submission.id,
        source=submission.source,
        channel=submission.channel,
        received_at=submission.received_at,
        sha256=submission.raw.sha256,
        size=submission.raw.size,
    )
    details = _submission_with_doubts(envelope, lead, 1, source)
    return submission.but(
        contact=details.contact,
        interest=details.interest,
        fields={**details.fields, **submission.fields},
        ignored=details.ignored,
        consent=details.consent,
        unreadable=details.unreadable,
        test=submission.test or lead.test,
        fetch=None,
        checks=(answer,),
    )


def _lead_submission(
    envelope: Envelope, lead: VendorLead, number: int, source: PublicWebhook
) -> Submission:
    id_ = envelope.part_id(number) if lead.id is None else submission_id(source.id, lead.id)
    if lead.deleted and lead.id is not None:
        submission = _submission_with_doubts(envelope, lead, number, source)
        return submission.but(id=submission_id(source.id, f"{lead.id}#deleted"), erases=id_)
    if lead.values is None and lead.id is not None:
        parts = SubmissionParts(fields={VENDOR_ID_FIELD: lead.id})
        return build_submission(envelope, parts, PARSER, n=number).but(
            id=id_,
            is_erasable=True,
            fetch=Fetch(provider=source.format, id=lead.id),
            test=envelope.test or lead.test,
        )
    return _submission_with_doubts(envelope, lead, number, source).but(
        id=id_, is_erasable=lead.id is not None
    )


def _submission_with_doubts(
    envelope: Envelope, lead: VendorLead, number: int, source: PublicWebhook
) -> Submission:
    """As much of the lead as can be read, with a reason for all that is in doubt."""
    values, value_doubts, unkept = _values(lead, source)
    parts, faults = build_parts_leniently(values)
    if lead.id is not None:
        parts = parts._replace(fields={**parts.fields, VENDOR_ID_FIELD: lead.id})
    reasons = [
        *lead.doubts,
        *value_doubts,
        *faults,
        *missing_field_reasons(source.required, parts, source.fields),
    ]
    if source.consent and source.consent.required and not parts.consent:
        reasons.append(Reason(code="consent_required", text="consent: was not given"))
    return build_submission(
        envelope,
        parts,
        PARSER,
        n=number,
        touch=read_touch(envelope, lead.hints),
        consent=consent_record(envelope, parts, source.consent),
    ).but(
        unreadable=tuple(reasons),
        test=envelope.test or lead.test,
        ignored=(*lead.ignored, *_ignored_questions(lead, source), *unkept),
    )


class _LeadValues(NamedTuple):
    """Texts by full names, the first of each; the doubts; and the names of texts not kept whole."""

    texts: dict[str, str]
    doubts: list[Reason]
    unkept: list[str]


def _values(lead: VendorLead, source: PublicWebhook) -> _LeadValues:
    values: dict[str, str] = {}
    doubts: list[Reason] = []
    unkept: list[str] = []
    for name, given in (lead.values or {}).items():
        kept: list[bool] = []
        value = given[0] if isinstance(given, list) and len(given) == 1 else given
        for field_name in () if value is None else _field_names(lead, name, source):
            text = value_as_text(field_name, value)
            if text is None and field_name == "contact.phone" and (text := vendor_id_text(value)):
                doubts += _phone_doubts(text, source.country)
            if text is None:
                fault = f"{name[:80]}: is not what this field takes"
                doubts.append(Reason(code="wrong_type", text=fault))
            elif text := value_or_none(text):
                storage_name = _storage_name(field_name, text)
                longest = LONGEST[storage_name in LONG_FIELDS]  # the rest is in the raw bytes
                kept.append(values.setdefault(storage_name, text[:longest]) == text)
        if kept and not any(kept):
            unkept.append(name[:LONGEST_REPORTED])
    if vendor_of(source).is_lead_form:
        values.update(_only_address(lead, source) if EMAIL_FIELD not in values else {})
        values = {**dict(_own_answers(lead, source)), **values}
    return _LeadValues(values, doubts, unkept)


def _own_answers(lead: VendorLead, source: PublicWebhook) -> Iterator[tuple[str, str]]:
    """The answers to questions of a lead form that no row maps, by names of own fields."""
    address = _only_address(lead, source).get(EMAIL_FIELD)
    free = (
        (name, value)
        for name, value in (lead.values or {}).items()
        if not _field_names(lead, name, source)
    )
    for name, value in islice(free, MOST_REPORTED):
        field = f"fields.{name_of_label(name)}"
        text = value_as_text(field, value) or ""
        names = (name, *lead.other_names.get(name, ()))
        is_asked = is_own_name(name) and any(map(_is_question, names))
        if is_asked and value_or_none(text) and text.strip() != address:
            yield field, text[: LONGEST[False]]


def _is_question(name: str) -> bool:
    """Whether a form's author worded it: a name of ours, such as `owner_id`, has fewer words."""
    is_worded = " " in name.strip() or len(name.split("_")) > MOST_WORDS_OF_NAME
    return name.rstrip().endswith(("?", "？", "؟")) or is_worded


def _only_address(lead: VendorLead, source: PublicWebhook) -> dict[str, str]:
    """The only address that anybody typed, if the question asks for it as the person's."""
    typed = {
        name: value.strip()
        for name, value in (lead.values or {}).items()
        if isinstance(value, str) and EMAIL_PATTERN.fullmatch(value.strip())
    }
    if len(set(typed.values())) != 1:
        return {}
    names = (each for name in typed for each in (name, *lead.other_names.get(name, ())))
    is_free = not any(_field_names(lead, name, source) for name in typed)
    if not is_free or not any(map(_asks_for_address, names)):
        return {}
    return {EMAIL_FIELD: next(iter(typed.values()))}


def _asks_for_address(question: str) -> bool:
    """Whether a question begins with, or has in brackets at its end, a label of an address.

    A question that also names somebody else asks for another person's.
    """
    words = question.replace("_", " ").split()
    if any(is_other_party_label(plain_label(word)) for word in words):
        return False
    begins = [" ".join(words[:count]) for count in range(1, min(len(words), MOST_LABEL_WORDS) + 1)]
    aside = BRACKETS_AT_END.search(question)
    labels = [*begins, *([aside[1]] if aside else [])]
    return any(field_for_label(label, {}) == EMAIL_FIELD for label in labels)


def _phone_doubts(digits: str, country: str) -> list[Reason]:
    """A doubt if a phone that came as a JSON number may have lost its plus or leading zero."""
    is_whole = (
        country in DIGITS_WITHOUT_ZERO
        and len(digits.removeprefix("1")) == DIGITS_WITHOUT_ZERO[country]
    )
    text = "phone: came as a number, which has no plus and no zero before it"
    return [] if is_whole else [Reason(code="phone_as_number", text=text)]


def _ignored_questions(lead: VendorLead, source: PublicWebhook) -> Iterator[str]:
    """The questions of a lead form that the source does not map.

    For any other JSON they are among `lead.ignored` already. The answers are kept all the same.
    """
    if vendor_of(source).is_lead_form:
        address = _only_address(lead, source).get(EMAIL_FIELD)
        names = (
            name[:LONGEST_REPORTED]
            for name, value in (lead.values or {}).items()
            if not _field_names(lead, name, source)
            and (not isinstance(value, str) or value.strip() != address)
        )
        yield from islice(names, MOST_REPORTED)


def _field_names(lead: VendorLead, name: str, source: PublicWebhook) -> tuple[str, ...]:
    """Our full names for a value: by the rows that name it in any of its names.

    A row may be spelt in another case, or with other joints. Common questions of a lead form need
    no row.
    """
    names = (name, *lead.other_names.get(name, ()))
    rows = [each for each in names if each in source.fields]
    if vendor_of(source).is_lead_form and not rows:
        bare_rows = {_bare_question(row): row for row in source.fields}
        rows = [row for each in names if (row := bare_rows.get(_bare_question(each)))]
    fields = [qualified_name(source.fields[row]) for row in rows]
    if vendor_of(source).is_lead_form and name not in rows:
        labels = names[: 1 if rows else None]
        common = (field_for_label(each.replace("_", " "), {}) for each in labels)
        fields += filter(None, [next(filter(None, common), None)])
    return tuple(dict.fromkeys(fields))


def _bare_question(text: str) -> str:
    """A question without case, blanks, underlines and signs: vendors make an id of its words."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _storage_name(field_name: str, text: str) -> str:
    """An own field for a number that is a choice of a list (“51-200”), else the field itself."""
    if field_name in NUMBER_FIELDS and parse_number(text) is None:
        return f"fields.{field_name.partition('.')[2]}"
    return field_name
