"""A merge fills what is empty and overwrites nothing; the earliest received value wins."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from leadloop.model.base import Model
from leadloop.model.contact import Contact, Interest

Values = dict[str, object]


class LeadDetails(Model):
    """What is known of a person and the wish.

    `since`: when each value was received that is not the founding's, by name: a contact's field,
    `interest.<field>` or `fields.<own>`.
    """

    contact: Contact
    interest: Interest = Interest()
    fields: dict[str, str] = {}
    since: dict[str, datetime] = {}


def merge_details(
    kept: LeadDetails, founded: datetime, new: LeadDetails, received: datetime
) -> LeadDetails:
    """`kept` with what `new` brings; any order of arrival ends in the same.

    A value set by a person has `since` at the beginning of time, so nothing is earlier. The name's
    parts go together: a first name is never joined to another submission's last name.
    """
    values, times, brought = _values(kept), dict(kept.since), _values(new)
    for group in _groups(brought):
        incoming = {name: brought[name] for name in group if name in brought}
        held = [name for name in group if name in values]
        if held and received >= min(times.get(name, founded) for name in held):
            continue
        for name in held:
            del values[name]
            times.pop(name, None)
        values |= incoming
        times |= dict.fromkeys(incoming, received)
    return _build_details(values, times)


_FIELD_GROUPS = (("name", "first_name", "last_name"), ("street", "postcode", "city", "region"))
_INTEREST, _FIELDS = "interest.", "fields."


def _groups(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """What is taken or left as one."""
    group_of = {name: group for group in _FIELD_GROUPS for name in group}
    yield from dict.fromkeys(group_of.get(name, (name,)) for name in names)


def _values(known: LeadDetails) -> Values:
    """What is given, flat; nothing and the empty text are not."""
    named: Values = {
        **known.contact.model_dump(),
        **{_INTEREST + name: value for name, value in known.interest.model_dump().items()},
        **{_FIELDS + name: value for name, value in known.fields.items()},
    }
    return {name: value for name, value in named.items() if value not in (None, "")}


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
