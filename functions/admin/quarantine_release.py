"""From a quarantined record to the submission it is released as; pure."""

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
    """What was understood of `body`, with `fix` on top; no doubt is left, a person has looked.

    Raises:
        Conflict: the record is not in quarantine, or was released before.
        FieldsInvalid: there is no such source or field.

    """
    if held.outcome is not SubmissionOutcome.QUARANTINED:
        raise Conflict(f"this submission is not in quarantine, its outcome is {held.outcome}")
    if held.released_as is not None:
        raise Conflict(f"it was released before, as {held.released_as}")
    named = fix.source or held.source
    source = sources.get(named)
    anew = None if fix.source and source is None else replay_record(held, body, source, by)
    if anew is None:
        raise _invalid_field("source", f"source: the playbook lists no “{named}”")
    understood = anew.successor
    # What a person has mended is not asked of the vendor once more.
    fetch = None if fix.fields else understood.fetch
    names = (*fix.fields, *(["source"] if fix.source else ()))
    released = understood.but(
        unreadable=(),
        refused=(),
        trap=False,
        fetch=fetch,
        mended=names,
        **_apply_fix(understood, fix.fields),
    )
    if source is None or source.event is None:
        return released
    stands = resolve_attendance(released)
    if stands.unreadable:
        raise FieldsInvalid(stands.unreadable)
    return stands


def _apply_fix(understood: Submission, fields: Mapping[str, str | None]) -> dict[str, object]:
    contact = understood.contact.model_dump()
    interest = understood.interest.model_dump()
    own: dict[str, str | None] = dict(understood.fields)
    for name, value in fields.items():
        group, _, field = name.partition(".")
        if group == "contact" and field in contact:
            contact[field] = value
        elif group == "interest" and field in NUMBER_FIELDS:
            interest[field] = _number(name, value)
        elif group == "interest" and field in interest:
            interest[field] = value
        elif group == "fields" and field:
            own[field] = value
        else:
            raise _invalid_field("unknown_field", f"{name}: there is no such field")
    return {
        "contact": Contact.model_validate(contact),
        "interest": Interest.model_validate(interest),
        "fields": {name: value for name, value in own.items() if value is not None},
    }


def _number(name: str, value: str | None) -> int | None:
    number = parse_number(value) if value is not None else None
    if value is not None and number is None:
        raise _invalid_field("no_number", f"{name}: a whole number")
    return number


def _invalid_field(code: str, text: str) -> FieldsInvalid:
    return FieldsInvalid((Reason(code=code, text=text),))
