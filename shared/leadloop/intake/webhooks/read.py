"""Webhook posts, and the answers of vendors' APIs, become submissions.

A vendor cannot be asked to repair a post. So a lead in doubt is not refused: it goes to quarantine
with what was read of it, and the other leads of the same post go on.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import islice

from leadloop.intake.envelope import Envelope, submission_id
from leadloop.intake.fields.attribution import read_touch
from leadloop.intake.fields.flat_document import consent_record, value_as_text
from leadloop.intake.fields.label_vocabulary import field_for_label
from leadloop.intake.fields.mapping import (
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
from leadloop.intake.public_sources import PublicWebhook
from leadloop.intake.text.bodies import check_size, json_object, json_value, parse_body
from leadloop.intake.text.character_references import replace_unstorable, replace_unstorable_json
from leadloop.intake.text.json_paths import LONGEST_REPORTED, MOST_REPORTED
from leadloop.intake.webhooks.registry import VENDORS, vendor_of
from leadloop.intake.webhooks.vendor_lead import VendorLead, vendor_id_text
from leadloop.intake.webhooks.vendors.json_by_mapping import WHOLE_BODY
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable
from leadloop.model.provider_check import ProviderAnswer
from leadloop.model.submission import Fetch, Submission

PARSER = "webhook/3"  # the next number whenever the same bytes would be read differently
WEBHOOK_BYTES = 192 * 1024
LEADING_BLANKS = b"\xef\xbb\xbf \t\r\n"
# Countries where no phone number begins with a zero → digits of a whole number.
DIGITS_WITHOUT_ZERO = {"US": 10, "CA": 10}
VENDOR_ID_FIELD = "vendor_lead_id"  # the own field that keeps the vendor's id


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
    first_byte = body.lstrip(LEADING_BLANKS)[:1]
    if source.leads == WHOLE_BODY and first_byte == b"[":
        return {WHOLE_BODY: json_value(replace_unstorable_json(body))}
    document = (
        json_object(replace_unstorable_json(body))
        if first_byte == b"{"
        else parse_body(content_type, body)
    )
    if source.inside is None:
        return document
    text = document.get(source.inside)
    if not isinstance(text, str):
        raise Unreadable(f"there is no text in {source.inside}")
    return {**document, **json_object(replace_unstorable_json(replace_unstorable(text).encode()))}


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
    leads = vendor_of(source).read_leads(document, source)
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
        erasure_id = submission_id(source.id, f"{lead.id}#deleted")
        submission = _submission_with_doubts(envelope, lead, number, source)
        return submission.but(id=erasure_id, erases=id_)
    if lead.values is None and lead.id is not None:
        parts = SubmissionParts(fields={VENDOR_ID_FIELD: lead.id})
        return build_submission(envelope, parts, PARSER, n=number).but(
            id=id_,
            fetch=Fetch(provider=source.format, id=lead.id),
            test=envelope.test or lead.test,
        )
    return _submission_with_doubts(envelope, lead, number, source).but(id=id_)


def _submission_with_doubts(
    envelope: Envelope, lead: VendorLead, number: int, source: PublicWebhook
) -> Submission:
    """As much of the lead as can be read, with a reason for all that is in doubt."""
    values, value_doubts = _values(lead, source)
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
        ignored=(*lead.ignored, *_ignored_questions(lead, source), *_second_names(lead, source)),
    )


def _values(lead: VendorLead, source: PublicWebhook) -> tuple[dict[str, str], list[Reason]]:
    """Our full name → text, the first value of a name that is not empty; and the doubts."""
    values: dict[str, str] = {}
    doubts: list[Reason] = []
    for name, value in (lead.values or {}).items():
        field_name = _field_name(name, source)
        if field_name is None or value is None:
            continue
        text = value_as_text(field_name, value)
        if text is None and field_name == "contact.phone" and (text := vendor_id_text(value)):
            doubts += _phone_doubts(text, source.country)
        if text is None:
            doubts.append(
                Reason(code="wrong_type", text=f"{name[:80]}: is not what this field takes")
            )
        elif text := value_or_none(text):
            storage_name = _storage_name(field_name, text)
            longest = LONGEST[storage_name in LONG_FIELDS]  # the rest is in the raw bytes
            values.setdefault(storage_name, text[:longest])
    return values, doubts


def _second_names(lead: VendorLead, source: PublicWebhook) -> Iterator[str]:
    """The names of texts whose field has a text by an earlier name already."""
    taken: set[str] = set()
    for name, value in (lead.values or {}).items():
        field_name = _field_name(name, source)
        if field_name is None or not isinstance(value, str) or not value_or_none(value):
            continue
        if field_name in taken:
            yield name[:LONGEST_REPORTED]
        taken.add(field_name)


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

    For any other JSON they are among `lead.ignored` already.
    """
    if vendor_of(source).is_lead_form:
        names = (
            name[:LONGEST_REPORTED]
            for name in lead.values or {}
            if _field_name(name, source) is None
        )
        yield from islice(names, MOST_REPORTED)


def _field_name(name: str, source: PublicWebhook) -> str | None:
    """Our full name of a vendor's name; common questions of a lead form need no mapping."""
    if name in source.fields:
        return qualified_name(source.fields[name])
    if not vendor_of(source).is_lead_form:
        return None
    return field_for_label(name.replace("_", " "), {})


def _storage_name(field_name: str, text: str) -> str:
    """An own field for a number that is a choice of a list (“51-200”), else the field itself."""
    if field_name in NUMBER_FIELDS and parse_number(text) is None:
        return f"fields.{field_name.partition('.')[2]}"
    return field_name
