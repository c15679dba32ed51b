"""Typeform: a post holds one whole response; an answer is named by its field's ref, id or title.

Source: www.typeform.com/developers/webhooks.
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from leadloop.intake.public_sources import PublicWebhook
from leadloop.intake.text.json_paths import LONGEST_REPORTED, MOST_REPORTED
from leadloop.intake.webhook_signatures import Signature
from leadloop.intake.webhooks.vendor import Vendor
from leadloop.intake.webhooks.vendor_lead import (
    JsonObject,
    VendorLead,
    inner_object,
    join_scalars,
    list_objects,
    name_values,
    odd_shape_reason,
    vendor_id_text,
)

HINTS = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "gclid", "fbclid")

KNOWN_NAMES = frozenset(
    {"form_id", "token", "definition", "answers", "hidden", "landed_at", "submitted_at"}
    | {"metadata", "response_id", "response_type", "ending", "thankyou_screen_ref"}
)


def read_leads(document: JsonObject, _source: PublicWebhook) -> Iterator[VendorLead]:
    """The one lead of a post. Hidden fields of the form's address count too, by their names."""
    response = inner_object(document, "form_response")
    titles = {
        vendor_id_text(field.get("id")): field.get("title")
        for field in list_objects(inner_object(response, "definition"), "fields")
    }
    answers = list(list_objects(response, "answers"))
    values, others = name_values(
        (_answer_names(answer, titles), _answer_value(answer)) for answer in answers
    )
    for kind in ("email", "phone_number"):
        of_kind = [
            _answer_value(answer)
            for answer in answers
            if inner_object(answer, "field").get("type") == kind
        ]
        if len(of_kind) == 1:  # of several, one may be a friend's
            values.setdefault(kind, of_kind[0])
    hidden = inner_object(response, "hidden")
    named = (([name, *others.get(name, ())], value) for name, value in values.items())
    values, others = name_values([*named, *(([name], value) for name, value in hidden.items())])
    is_well_formed = isinstance(response.get("answers"), list)
    yield VendorLead(
        vendor_id_text(response.get("token")) or vendor_id_text(document.get("event_id")),
        values,
        hints={name: value for name in HINTS if isinstance(value := hidden.get(name), str)},
        doubts=() if is_well_formed else (odd_shape_reason("form_response.answers"),),
        ignored=tuple(
            name[:LONGEST_REPORTED]
            for name in islice(sorted(response.keys() - KNOWN_NAMES), MOST_REPORTED)
        ),
        other_names=others,
    )


def _answer_names(answer: JsonObject, titles: Mapping[str | None, object]) -> list[object]:
    field = inner_object(answer, "field")
    title = titles.get(vendor_id_text(field.get("id"))) or field.get("title")
    return [field.get("ref"), field.get("id"), title]


def _answer_value(answer: JsonObject) -> object:
    """By the answer's `type`: a text, a number, or the labels of the chosen options."""
    match answer.get("type"):
        case "choice":
            choice = inner_object(answer, "choice")
            return choice.get("label") or choice.get("other")
        case "choices":
            choices = inner_object(answer, "choices")
            labels = choices.get("labels")
            texts = [*labels, choices.get("other")] if isinstance(labels, list) else []
            return ", ".join(text for text in texts if isinstance(text, str)) or None
        case str() as kind:
            value = join_scalars(answer.get(kind))
            return str(value) if isinstance(value, float) else vendor_id_text(value) or value
        case _:
            return None


VENDOR = Vendor(
    Signature(by="signature", header="typeform-signature", prefix="sha256=", encoding="base64"),
    read_leads,
)
