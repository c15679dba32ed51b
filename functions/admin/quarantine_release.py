"""Builds the submission as which a quarantined record is released. It is pure."""

from collections.abc import Mapping

from pydantic import Field

from leadloop.intake.fields.attendance import resolve_attendance
from leadloop.intake.fields.mapping import parse_number
from leadloop.intake.policy import Source
from leadloop.intake.replay import replay_record
from leadloop.model.base import Model, Reason
from leadloop.model.command import Actor
from leadloop.model.contact import Contact, Interest
from leadloop.model.errors import Conflict, FieldsInvalid
from leadloop.model.lead import Record, SubmissionOutcome
from leadloop.model.submission import Submission

NUMBER_FIELDS = ("budget", "employees")


class Fix(Model):
    """What a person mends: `contact.email`, `interest.product`, `fields.<own>`, by name.

    A value replaces what was understood, null empties it. `source`: judge it as this source's.
    """

    fields: dict[str, str | None] = Field(default_factory=dict)
    source: str | None = None


def build_released_submission(
    held: Record, body: bytes, sources: Mapping[str, Source], fix: Fix, by: Actor
) -> Submission:
    """The submission in `body` with the values of `fix`. A person has looked, so no doubts remain.

    Raises:
        Conflict: the record is not in quarantine, or was released before.
        FieldsInvalid: there is no such source or field.

    """
    if held.outcome is not SubmissionOutcome.QUARANTINED:
        raise Conflict(f"this submission is not in quarantine, its outcome is {held.outcome}")
    if held.released_as is not None:
        raise Conflict(f"it was released before, as {held.released_as}")
    source_id = fix.source or held.source
    source = sources.get(source_id)
    reading = None if fix.source and source is None else replay_record(held, body, source, by)
    if reading is None:
        raise _invalid_field("source", f"source: the playbook lists no “{source_id}”")
    successor = reading.successor
    # Values that a person has set are not fetched from the vendor again.
    fetch = None if fix.fields else successor.fetch
    names = (*fix.fields, *(["source"] if fix.source else ()))
    released = successor.but(
        unreadable=(),
        refused=(),
        trap=False,
        fetch=fetch,
        mended=names,
        **_apply_fix(successor, fix.fields),
    )
    if source is None or source.event is None:
        return released
    attending = resolve_attendance(released)
    if attending.unreadable:
        raise FieldsInvalid(attending.unreadable)
    return attending


def _apply_fix(submission: Submission, fields: Mapping[str, str | None]) -> dict[str, object]:
    contact = submission.contact.model_dump()
    interest = submission.interest.model_dump()
    own_fields: dict[str, str | None] = dict(submission.fields)
    for name, value in fields.items():
        group, _, field = name.partition(".")
        if group == "contact" and field in contact:
            contact[field] = value
        elif group == "interest" and field in NUMBER_FIELDS:
            interest[field] = _number(name, value)
        elif group == "interest" and field in interest:
            interest[field] = value
        elif group == "fields" and field:
            own_fields[field] = value
        else:
            raise _invalid_field("unknown_field", f"{name}: there is no such field")
    return {
        "contact": Contact.model_validate(contact),
        "interest": Interest.model_validate(interest),
        "fields": {name: value for name, value in own_fields.items() if value is not None},
    }


def _number(name: str, value: str | None) -> int | None:
    number = parse_number(value) if value is not None else None
    if value is not None and number is None:
        raise _invalid_field("no_number", f"{name}: a whole number")
    return number


def _invalid_field(code: str, text: str) -> FieldsInvalid:
    return FieldsInvalid((Reason(code=code, text=text),))
