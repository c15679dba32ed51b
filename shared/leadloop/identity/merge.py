"""A merge fills what is empty and overwrites nothing; the earliest received value wins."""

from datetime import datetime

from leadloop.model.base import Model
from leadloop.model.contact import Contact


class Merged(Model):
    """The contact after a merge, and since when each field not of the founding has its value."""

    contact: Contact
    since: dict[str, datetime]


def merge(
    kept: Contact, since: dict[str, datetime], founded: datetime, new: Contact, received: datetime
) -> Merged:
    """`kept` with what `new` brings; any order of arrival ends in the same contact.

    A value set by a person has `since` at the beginning of time, so nothing is earlier. The name's
    parts go together: a first name is never joined to another submission's last name.
    """
    values = kept.model_dump()
    times = dict(since)
    for group in _GROUPS:
        incoming = {field: getattr(new, field) for field in group if getattr(new, field)}
        held = [field for field in group if values[field]]
        if not incoming:
            continue
        if held and received >= min(times.get(field, founded) for field in held):
            continue
        for field in group:
            values[field] = incoming.get(field)
            times.pop(field, None)
            if incoming.get(field):
                times[field] = received
    return Merged(contact=Contact.model_validate(values), since=times)


_TOGETHER = (("name", "first_name", "last_name"), ("street", "postcode", "city", "region"))
_ALONE = tuple(
    (field,) for field in Contact.model_fields if not any(field in group for group in _TOGETHER)
)
_GROUPS = _TOGETHER + _ALONE
