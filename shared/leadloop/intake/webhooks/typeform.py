"""Typeform: the whole response in one post; an answer goes by its field's ref, id or title."""

from collections.abc import Iterator

from leadloop.intake.webhooks.vendor_lead import (
    JsonObject,
    VendorLead,
    inner_object,
    list_objects,
    odd_shape_reason,
    vendor_id_text,
)

HINTS = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "gclid", "fbclid")


def leads_in(document: JsonObject) -> Iterator[VendorLead]:
    """One lead. What the form hides in its address comes too, by its own names."""
    response = inner_object(document, "form_response")
    titles = {
        vendor_id_text(field.get("id")): field.get("title")
        for field in list_objects(inner_object(response, "definition"), "fields")
    }
    values: dict[str, object] = {}
    answers = list(list_objects(response, "answers"))
    for answer in answers:
        field, said = inner_object(answer, "field"), _answer_value(answer)
        for name in (
            field.get("ref"),
            field.get("id"),
            titles.get(vendor_id_text(field.get("id"))),
        ):
            if isinstance(name, str) and said is not None:
                values.setdefault(name, said)
    for kind in ("email", "phone_number"):
        of_kind = [
            _answer_value(answer)
            for answer in answers
            if inner_object(answer, "field").get("type") == kind
        ]
        if len(of_kind) == 1:  # of several, one may be a friend's
            values.setdefault(kind, of_kind[0])
    hidden = inner_object(response, "hidden")
    values |= {name: said for name, said in hidden.items() if name not in values}
    well = isinstance(response.get("answers"), list)
    yield VendorLead(
        vendor_id_text(response.get("token")) or vendor_id_text(document.get("event_id")),
        values,
        hints={name: said for name in HINTS if isinstance(said := hidden.get(name), str)},
        doubts=() if well else (odd_shape_reason("form_response.answers"),),
    )


def _answer_value(answer: JsonObject) -> object:
    """By its `type`: a text, a number, or the labels of what was chosen."""
    match answer.get("type"):
        case "choice":
            choice = inner_object(answer, "choice")
            return choice.get("label") or choice.get("other")
        case "choices":
            choices = inner_object(answer, "choices")
            labels = choices.get("labels")
            given = [*labels, choices.get("other")] if isinstance(labels, list) else []
            return ", ".join(each for each in given if isinstance(each, str)) or None
        case str() as kind:
            said = answer.get(kind)
            return said if isinstance(said, str | bool) else vendor_id_text(said)
        case _:
            return None
