"""Merging two submissions of a person: empty values are filled, the earliest value wins."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from leadloop.model.base import Model
from leadloop.model.contact import Contact, Interest

Values = dict[str, object]


class LeadDetails(Model):
    """What is known of a person and the interest.

    `since` tells when a value was received, if it did not come with the first submission. Its keys
    are a field of the contact, `interest.<field>` or `fields.<own>`.
    """

    contact: Contact
    interest: Interest = Interest()
    fields: dict[str, str] = {}
    since: dict[str, datetime] = {}


def merge_details(
    current: LeadDetails, created_at: datetime, incoming: LeadDetails, received_at: datetime
) -> LeadDetails:
    """`current` merged with `incoming`. Every order of arrival ends in the same result.

    `created_at` is when the first submission was received. A value that a colleague has set is at
    the beginning of time, so nothing is earlier. The parts of a name stay together, so a first name
    is never joined to the last name of another submission.
    """
    values, times, new_values = _values(current), dict(current.since), _values(incoming)
    for group in _groups(new_values):
        new_group = {name: new_values[name] for name in group if name in new_values}
        present = [name for name in group if name in values]
        if present and received_at >= min(times.get(name, created_at) for name in present):
            continue
        for name in present:
            del values[name]
            times.pop(name, None)
        values |= new_group
        times |= dict.fromkeys(new_group, received_at)
    return _build_details(values, times)


_FIELD_GROUPS = (("name", "first_name", "last_name"), ("street", "postcode", "city", "region"))
_INTEREST, _FIELDS = "interest.", "fields."


def _groups(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The names in groups; the values of a group are taken or left together."""
    group_of = {name: group for group in _FIELD_GROUPS for name in group}
    yield from dict.fromkeys(group_of.get(name, (name,)) for name in names)


def _values(details: LeadDetails) -> Values:
    """The values in one flat mapping, without None and empty texts."""
    values: Values = {
        **details.contact.model_dump(),
        **{_INTEREST + name: value for name, value in details.interest.model_dump().items()},
        **{_FIELDS + name: value for name, value in details.fields.items()},
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def _build_details(values: Values, since: dict[str, datetime]) -> LeadDetails:
    def under(prefix: str) -> Values:
        return {
            name.removeprefix(prefix): value
            for name, value in values.items()
            if name.startswith(prefix)
        }

    contact = {name: value for name, value in values.items() if name in Contact.model_fields}
    return LeadDetails.model_validate(
        {
            "contact": contact,
            "interest": under(_INTEREST),
            "fields": dict(sorted(under(_FIELDS).items())),
            "since": since,
        }
    )
