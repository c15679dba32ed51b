"""JSON of any vendor: the source's row says by paths where the leads are and what is in each."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import starmap

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.contact_values import has_number
from leadloop.intake.fields.label_vocabulary import field_for_label
from leadloop.intake.public_sources import PublicWebhook
from leadloop.intake.text import json_paths
from leadloop.intake.webhook_signatures import STANDARD_SIGNATURE, WHOLE_BODY
from leadloop.intake.webhooks.vendor import Vendor
from leadloop.intake.webhooks.vendor_lead import JsonObject, VendorLead, vendor_id_text
from leadloop.model.errors import Unreadable

MOST_LEADS = 200  # leads of one post
PHONE_FIELD = "contact.phone"
INTERNATIONAL_PHONE = re.compile(
    r"(?<![\w+:])(?:\+\s?|00\s)[1-9](?:[\s()./\-–]{0,3}\d){7,14}(?!\d)"
)


def read_leads(document: JsonObject, source: PublicWebhook) -> Iterator[VendorLead]:
    """Each lead of the list that the source names, or the body as the only lead.

    An only lead may stand there without a list around it. Nothing there is no lead.

    Raises:
        Unreadable: there is something else, or more than `MOST_LEADS`; or the leads seem to stand
            elsewhere; or a path does not fit.

    """
    mark_fields = (source.key_field, source.test_field, source.deleted_field)
    mapped_names = {*source.fields, *filter(None, mark_fields)}
    for lead in _lead_objects(document, source):
        result = json_paths.follow_paths(lead, source.fields)
        yield VendorLead(
            vendor_id_text(_value_at(lead, source.key_field)),
            result.values,
            test=_is_yes(_value_at(lead, source.test_field)),
            deleted=_is_yes(_value_at(lead, source.deleted_field)),
            doubts=result.misfits,
            ignored=json_paths.ignored_names(lead, mapped_names),
        )


def _lead_objects(document: JsonObject, source: PublicWebhook) -> list[JsonObject]:
    if source.leads is None:
        return [document]
    at_body = source.leads == WHOLE_BODY
    found = document.get(WHOLE_BODY, document) if at_body else _value_at(document, source.leads)
    items = _as_list(found)
    if items is None or (not items and found is None and _speaks_of_a_person(document, source)):
        raise Unreadable(f"there is no list of leads at {source.leads}")
    if at_body and items == [document] and not _speaks_of_a_person(document, source):
        return []
    if len(items) > MOST_LEADS:
        raise Unreadable(f"{len(items)} leads in one post; send at most {MOST_LEADS}")
    return [item if isinstance(item, Mapping) else {} for item in items]


def _as_list(found: object) -> list[object] | None:
    """The list that stands there, or the one that stands for it; None if it is neither.

    A list that became an object on its way has its places as names.
    """
    match found:
        case list():
            return found
        case None | "":
            return []
        case dict() if found and all(name.isdecimal() for name in found):
            return list(found.values())
        case dict():
            return [found] if found else []
        case _:
            return None


def _speaks_of_a_person(document: JsonObject, source: PublicWebhook) -> bool:
    """Whether a name of the source's row, an address or a phone stands anywhere in a document."""
    names = json_paths.names_in_paths((*source.fields, *filter(None, (source.key_field,))))
    if names & {name.rpartition(".")[2] for name in json_paths.document_names(document)}:
        return True
    text = json.dumps(document, ensure_ascii=False, default=str)
    return EMAIL_PATTERN.search(text) is not None or any(starmap(_is_phone, _leaves(document)))


def _is_phone(name: str, value: object) -> bool:
    """Whether a number with its country's code is in a text, or any below a phone's label."""
    text = str(value)
    if INTERNATIONAL_PHONE.search(text):
        return True
    return has_number(text) and field_for_label(name.replace("_", " "), {}) == PHONE_FIELD


def _leaves(document: object) -> Iterator[tuple[str, object]]:
    """Each value that is no group, with its own name; of a list, with the list's name."""
    open_values: list[tuple[str, object]] = [("", document)]
    while open_values:
        name, value = open_values.pop()
        if isinstance(value, Mapping):
            open_values += value.items()
        elif isinstance(value, list):
            open_values += ((name, each) for each in value)
        else:
            yield name, value


def _value_at(lead: JsonObject, path: str | None) -> object:
    try:
        return None if path is None else json_paths.value_at_path(lead, path)
    except json_paths.Misfit as misfit:
        raise Unreadable(f"{path}: does not fit what was sent") from misfit


def _is_yes(value: object) -> bool:
    """Whether a mark is set: True, 1, "true", "yes". A path may compare: `status == 'deleted'`."""
    if isinstance(value, str):
        return value.strip().casefold() not in ("", "false", "no", "0", "none", "null")
    return bool(value)


VENDOR = Vendor(STANDARD_SIGNATURE, read_leads, is_lead_form=False)
