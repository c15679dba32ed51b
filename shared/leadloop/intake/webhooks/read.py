"""A vendor's post, and a vendor's answer, become submissions.

Whom we cannot ask to mend it, we refuse nothing: a lead in doubt goes to quarantine with what was
understood of it, and the others of the same post go on.
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
from leadloop.intake.webhooks import google, json_by_mapping, linkedin, meta, typeform
from leadloop.intake.webhooks.vendor_lead import JsonObject, VendorLead, vendor_id_text
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable
from leadloop.model.provider_check import ProviderAnswer
from leadloop.model.submission import Fetch, Submission

PARSER = "webhook/2"  # the next number whenever the same bytes would be read differently
WEBHOOK_BYTES = 192 * 1024
LEADING_BLANKS = b"\xef\xbb\xbf \t\r\n"
DIGITS_WITHOUT_ZERO = {"US": 10, "CA": 10}  # digits of a whole number where none begins with a zero
VENDOR_ID_FIELD = "vendor_lead_id"  # the own field that keeps the vendor's id
MISSING_ID = Reason(code="no_id", text="the vendor names no id, and only it could say more")


def parse_post(
    content_type: str | None, body: bytes, source: PublicWebhook
) -> Mapping[str, object]:
    """The post as named values; where a field of it holds the JSON, that.

    Raises:
        TooLarge, Unreadable: it is none.

    """
    check_size(WEBHOOK_BYTES, body)
    begins = body.lstrip(LEADING_BLANKS)[:1]
    if source.leads == json_by_mapping.WHOLE_BODY and begins == b"[":
        return {json_by_mapping.WHOLE_BODY: json_value(replace_unstorable_json(body))}
    # Whatever the vendor calls it: nobody there would mend that.
    found = (
        json_object(replace_unstorable_json(body))
        if begins == b"{"
        else parse_body(content_type, body)
    )
    if source.inside is None:
        return found
    said = found.get(source.inside)
    if not isinstance(said, str):
        raise Unreadable(f"there is no text in {source.inside}")
    return {**found, **json_object(replace_unstorable_json(replace_unstorable(said).encode()))}


def read_webhook_post(
    envelope: Envelope, body: bytes, source: PublicWebhook
) -> tuple[Submission, ...]:
    """Each lead that the post tells of; none where it is about something else.

    The vendor's id makes the submission's, so that one lead is one however often and in whatever
    company it is told. Raises `TooLarge` or `Unreadable`.
    """
    leads = _leads_in_post(parse_post(envelope.content_type, body, source), source)
    return tuple(_lead_submission(envelope, each, n, source) for n, each in enumerate(leads, 1))


def complete_submission(
    submission: Submission, answer: ProviderAnswer, source: PublicWebhook
) -> Submission:
    """A lead that was only named, with what the vendor then said of it."""
    try:
        said = json.loads(replace_unstorable_json(answer.body))
    except (ValueError, RecursionError):
        said = None
    reader = {"meta": meta.read_fetched_lead, "linkedin": linkedin.read_fetched_lead}.get(
        answer.provider
    )
    if not isinstance(said, dict) or reader is None:
        odd = Reason(code="odd_answer", text="what the vendor answered is not as it describes it")
        return submission.but(fetch=None, unreadable=(odd,), checks=(answer,))
    told = reader(said)
    envelope = Envelope(
        id=submission.id,
        source=submission.source,
        channel=submission.channel,
        received_at=submission.received_at,
        sha256=submission.raw.sha256,
        size=submission.raw.size,
    )
    found = _submission_with_doubts(envelope, told, 1, source)
    return submission.but(
        contact=found.contact,
        interest=found.interest,
        fields={**found.fields, **submission.fields},
        ignored=found.ignored,
        consent=found.consent,
        unreadable=found.unreadable,
        test=submission.test or told.test,
        fetch=None,
        checks=(answer,),
    )


def _leads_in_post(found: JsonObject, source: PublicWebhook) -> Iterator[VendorLead]:
    match source.format:
        case "meta":
            return meta.leads_in(found)
        case "google":
            return google.leads_in(found)
        case "linkedin":
            return linkedin.leads_in(found)
        case "typeform":
            return typeform.leads_in(found)
        case "json":
            return json_by_mapping.leads_in(found, source)


def _lead_submission(
    envelope: Envelope, told: VendorLead, n: int, source: PublicWebhook
) -> Submission:
    id_ = envelope.part_id(n) if told.id is None else submission_id(source.id, told.id)
    if told.deleted and told.id is not None:
        gone = submission_id(source.id, f"{told.id}#deleted")
        return _submission_with_doubts(envelope, told, n, source).but(id=gone, erases=id_)
    if told.values is None and told.id is not None:
        fetch = Fetch(provider=source.format, id=told.id)
        named = build_submission(
            envelope, SubmissionParts(fields={VENDOR_ID_FIELD: told.id}), PARSER, n=n
        )
        return named.but(id=id_, fetch=fetch, test=envelope.test or told.test)
    return _submission_with_doubts(envelope, told, n, source).but(id=id_)


def _submission_with_doubts(
    envelope: Envelope, told: VendorLead, n: int, source: PublicWebhook
) -> Submission:
    """As far as it was understood, with all that is in doubt."""
    values, odd = _values(told, source)
    parts, faults = build_parts_leniently(values)
    if told.id is not None:
        parts = parts._replace(fields={**parts.fields, VENDOR_ID_FIELD: told.id})
    reasons = [
        *told.doubts,
        *odd,
        *faults,
        *missing_field_reasons(source.required, parts, source.fields),
    ]
    if source.consent and source.consent.required and not parts.consent:
        reasons.append(Reason(code="consent_required", text="consent: was not given"))
    return build_submission(
        envelope,
        parts,
        PARSER,
        n=n,
        touch=read_touch(envelope, told.hints),
        consent=consent_record(envelope, parts, source.consent),
    ).but(
        unreadable=tuple(reasons),
        test=envelope.test or told.test,
        ignored=(*told.ignored, *_ignored_questions(told, source)),
    )


def _values(told: VendorLead, source: PublicWebhook) -> tuple[dict[str, str], list[Reason]]:
    """What we have a name for, as text; the first that says something counts."""
    values: dict[str, str] = {}
    odd: list[Reason] = []
    for name, value in (told.values or {}).items():
        ours = _field_name(name, source)
        if ours is None or value is None:
            continue
        text = value_as_text(ours, value)
        if text is None and ours == "contact.phone" and (text := vendor_id_text(value)):
            odd += _phone_doubts(text, source.country)
        if text is None:
            odd.append(Reason(code="wrong_type", text=f"{name[:80]}: is not what this field takes"))
        elif said := value_or_none(text):
            room = _storage_name(ours, said)
            values.setdefault(
                room, said[: LONGEST[room in LONG_FIELDS]]
            )  # the rest is in the raw bytes
    return values, odd


def _phone_doubts(digits: str, country: str) -> list[Reason]:
    """A phone that came as a number has lost its plus, or its zero; only there it had neither."""
    whole = (
        country in DIGITS_WITHOUT_ZERO
        and len(digits.removeprefix("1")) == DIGITS_WITHOUT_ZERO[country]
    )
    said = "came as a number, which has no plus and no zero before it"
    return [] if whole else [Reason(code="phone_as_number", text=f"phone: {said}")]


def _ignored_questions(told: VendorLead, source: PublicWebhook) -> Iterator[str]:
    """Questions of a lead form that no row takes; of any JSON, the paths have told already."""
    if source.format != "json":
        names = (
            name[:LONGEST_REPORTED]
            for name in told.values or {}
            if _field_name(name, source) is None
        )
        yield from islice(names, MOST_REPORTED)


def _field_name(name: str, source: PublicWebhook) -> str | None:
    """As the playbook maps it; a lead form's common questions need no mapping."""
    if name in source.fields:
        return qualified_name(source.fields[name])
    return None if source.format == "json" else field_for_label(name.replace("_", " "), {})


def _storage_name(ours: str, said: str) -> str:
    """A number as people choose it from a list (“51-200”) stays as it was said, in an own field."""
    if ours in NUMBER_FIELDS and parse_number(said) is None:
        return f"fields.{ours.partition('.')[2]}"
    return ours
