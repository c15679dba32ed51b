"""Typeform: the whole response in one post; an answer goes by its field's ref, id or title."""

from collections.abc import Iterator

from leadloop.intake.webhooks.vendor_lead import Json, Told, id_of, inner, odd, rows

HINTS = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "gclid", "fbclid")


def told(document: Json) -> Iterator[Told]:
    """One lead. What the form hides in its address comes too, by its own names."""
    response = inner(document, "form_response")
    titles = {
        id_of(field.get("id")): field.get("title")
        for field in rows(inner(response, "definition"), "fields")
    }
    values: dict[str, object] = {}
    answers = list(rows(response, "answers"))
    for answer in answers:
        field, said = inner(answer, "field"), _said(answer)
        for name in (field.get("ref"), field.get("id"), titles.get(id_of(field.get("id")))):
            if isinstance(name, str) and said is not None:
                values.setdefault(name, said)
    for kind in ("email", "phone_number"):
        of_kind = [
            _said(answer) for answer in answers if inner(answer, "field").get("type") == kind
        ]
        if len(of_kind) == 1:  # of several, one may be a friend's
            values.setdefault(kind, of_kind[0])
    hidden = inner(response, "hidden")
    values |= {name: said for name, said in hidden.items() if name not in values}
    well = isinstance(response.get("answers"), list)
    yield Told(
        id_of(response.get("token")) or id_of(document.get("event_id")),
        values,
        hints={name: said for name in HINTS if isinstance(said := hidden.get(name), str)},
        doubts=() if well else (odd("form_response.answers"),),
    )


def _said(answer: Json) -> object:
    """By its `type`: a text, a number, or the labels of what was chosen."""
    match answer.get("type"):
        case "choice":
            choice = inner(answer, "choice")
            return choice.get("label") or choice.get("other")
        case "choices":
            choices = inner(answer, "choices")
            labels = choices.get("labels")
            given = [*labels, choices.get("other")] if isinstance(labels, list) else []
            return ", ".join(each for each in given if isinstance(each, str)) or None
        case str() as kind:
            said = answer.get(kind)
            return said if isinstance(said, str | bool) else id_of(said)
        case _:
            return None
