"""A vendor's post, and a vendor's answer, become submissions.

Whom we cannot ask to mend it, we refuse nothing: a lead in doubt goes to quarantine with what was
understood of it, and the others of the same post go on.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import islice

from leadloop.intake.envelope import Envelope, submission_id
from leadloop.intake.fields.attribution import touch_of
from leadloop.intake.fields.flat_document import proof, text_of
from leadloop.intake.fields.label_vocabulary import known
from leadloop.intake.fields.mapping import (
    LONG,
    LONGEST,
    NUMBERS,
    Parts,
    arrange_as_shown,
    full_name,
    given,
    missing,
    number_of,
    submission_of,
)
from leadloop.intake.public_sources import WebhookDoor
from leadloop.intake.text.bodies import document_of, json_object, json_value, refuse_beyond
from leadloop.intake.text.character_references import json_as_shown, shown
from leadloop.intake.text.json_paths import LONGEST_TOLD, MOST_TOLD
from leadloop.intake.webhooks import google, json_by_mapping, linkedin, meta, typeform
from leadloop.intake.webhooks.vendor_lead import Json, Told, id_of
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable
from leadloop.model.provider_check import Checked
from leadloop.model.submission import Fetch, Submission

PARSER = "webhook/2"  # the next number whenever the same bytes would be read differently
WEBHOOK_BYTES = 192 * 1024
BLANK = b"\xef\xbb\xbf \t\r\n"
NO_ZERO = {"US": 10, "CA": 10}  # digits of a whole number where none begins with a zero
VENDOR_ID = "vendor_lead_id"  # the own field that keeps the vendor's id
NO_ID = Reason(code="no_id", text="the vendor names no id, and only it could say more")


def document(content_type: str | None, body: bytes, source: WebhookDoor) -> Mapping[str, object]:
    """The post as named values; where a field of it holds the JSON, that.

    Raises:
        TooLarge, Unreadable: it is none.

    """
    refuse_beyond(WEBHOOK_BYTES, body)
    begins = body.lstrip(BLANK)[:1]
    if source.leads == json_by_mapping.WHOLE and begins == b"[":
        return {json_by_mapping.WHOLE: json_value(json_as_shown(body))}
    # Whatever the vendor calls it: nobody there would mend that.
    found = json_object(json_as_shown(body)) if begins == b"{" else document_of(content_type, body)
    if source.inside is None:
        return found
    said = found.get(source.inside)
    if not isinstance(said, str):
        raise Unreadable(f"there is no text in {source.inside}")
    return {**found, **json_object(json_as_shown(shown(said).encode()))}


def check_webhook(envelope: Envelope, body: bytes, source: WebhookDoor) -> tuple[Submission, ...]:
    """Each lead that the post tells of; none where it is about something else.

    The vendor's id makes the submission's, so that one lead is one however often and in whatever
    company it is told. Raises `TooLarge` or `Unreadable`.
    """
    leads = _told(document(envelope.content_type, body, source), source)
    return tuple(_submission(envelope, each, n, source) for n, each in enumerate(leads, 1))


def complete(submission: Submission, answer: Checked, source: WebhookDoor) -> Submission:
    """A lead that was only named, with what the vendor then said of it."""
    try:
        said = json.loads(json_as_shown(answer.body))
    except (ValueError, RecursionError):
        said = None
    reader = {"meta": meta.answered, "linkedin": linkedin.answered}.get(answer.provider)
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
    found = _judged(envelope, told, 1, source)
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


def _told(found: Json, source: WebhookDoor) -> Iterator[Told]:
    match source.format:
        case "meta":
            return meta.told(found)
        case "google":
            return google.told(found)
        case "linkedin":
            return linkedin.told(found)
        case "typeform":
            return typeform.told(found)
        case "json":
            return json_by_mapping.told(found, source)


def _submission(envelope: Envelope, told: Told, n: int, source: WebhookDoor) -> Submission:
    id_ = envelope.numbered(n) if told.id is None else submission_id(source.id, told.id)
    if told.deleted and told.id is not None:
        gone = submission_id(source.id, f"{told.id}#deleted")
        return _judged(envelope, told, n, source).but(id=gone, erases=id_)
    if told.values is None and told.id is not None:
        fetch = Fetch(provider=source.format, id=told.id)
        named = submission_of(envelope, Parts(fields={VENDOR_ID: told.id}), PARSER, n=n)
        return named.but(id=id_, fetch=fetch, test=envelope.test or told.test)
    return _judged(envelope, told, n, source).but(id=id_)


def _judged(envelope: Envelope, told: Told, n: int, source: WebhookDoor) -> Submission:
    """As far as it was understood, with all that is in doubt."""
    values, odd = _values(told, source)
    parts, faults = arrange_as_shown(values)
    if told.id is not None:
        parts = parts._replace(fields={**parts.fields, VENDOR_ID: told.id})
    reasons = [*told.doubts, *odd, *faults, *missing(source.required, parts, source.fields)]
    if source.consent and source.consent.required and not parts.consent:
        reasons.append(Reason(code="consent_required", text="consent: was not given"))
    return submission_of(
        envelope,
        parts,
        PARSER,
        n=n,
        touch=touch_of(envelope, told.hints),
        consent=proof(envelope, parts, source.consent),
    ).but(
        unreadable=tuple(reasons),
        test=envelope.test or told.test,
        ignored=(*told.ignored, *_ignored(told, source)),
    )


def _values(told: Told, source: WebhookDoor) -> tuple[dict[str, str], list[Reason]]:
    """What we have a name for, as text; the first that says something counts."""
    values: dict[str, str] = {}
    odd: list[Reason] = []
    for name, value in (told.values or {}).items():
        ours = _ours(name, source)
        if ours is None or value is None:
            continue
        text = text_of(ours, value)
        if text is None and ours == "contact.phone" and (text := id_of(value)):
            odd += _lacking(text, source.country)
        if text is None:
            odd.append(Reason(code="wrong_type", text=f"{name[:80]}: is not what this field takes"))
        elif said := given(text):
            room = _room(ours, said)
            values.setdefault(room, said[: LONGEST[room in LONG]])  # the rest is in the raw bytes
    return values, odd


def _lacking(digits: str, country: str) -> list[Reason]:
    """A phone that came as a number has lost its plus, or its zero; only there it had neither."""
    whole = country in NO_ZERO and len(digits.removeprefix("1")) == NO_ZERO[country]
    said = "came as a number, which has no plus and no zero before it"
    return [] if whole else [Reason(code="phone_as_number", text=f"phone: {said}")]


def _ignored(told: Told, source: WebhookDoor) -> Iterator[str]:
    """Questions of a lead form that no row takes; of any JSON, the paths have told already."""
    if source.format != "json":
        names = (name[:LONGEST_TOLD] for name in told.values or {} if _ours(name, source) is None)
        yield from islice(names, MOST_TOLD)


def _ours(name: str, source: WebhookDoor) -> str | None:
    """As the playbook maps it; a lead form's common questions need no mapping."""
    if name in source.fields:
        return full_name(source.fields[name])
    return None if source.format == "json" else known(name.replace("_", " "), {})


def _room(ours: str, said: str) -> str:
    """A number as people choose it from a list (“51-200”) stays as it was said, in an own field."""
    if ours in NUMBERS and number_of(said) is None:
        return f"fields.{ours.partition('.')[2]}"
    return ours
