"""LinkedIn: a post names a response; its answers, and what was asked, are with the Lead Sync API.

A response that its member deleted is told of too: then nothing of it may be kept.
"""

from collections.abc import Iterator

from leadloop.intake.webhooks.vendor_lead import Json, Told, id_of, inner, odd, rows

ACTION = "LEAD_ACTION"


def told(document: Json) -> Iterator[Told]:
    """One lead, new or deleted; posts about anything else tell of none."""
    if document.get("type", ACTION) != ACTION:
        return
    action, id_ = document.get("leadAction"), _id(document.get("leadGenFormResponse"))
    doubts = () if id_ else (odd("leadGenFormResponse"),)
    if action == "DELETED":
        yield Told(id_, {}, deleted=True, doubts=doubts)
    elif action == "CREATED":
        yield Told(id_, None if id_ else {}, doubts=doubts)


def answered(document: Json) -> Told:
    """What the Lead Sync API says of one response, with the form's questions beside it."""
    values: dict[str, object] = {}
    asked = {
        id_of(q.get("questionId")): q for q in rows(inner(document, "form", "content"), "questions")
    }
    for answer in rows(inner(document, "formResponse"), "answers"):
        question = asked.get(id_of(answer.get("questionId")), {})
        name = question.get("predefinedField") or question.get("name") or answer.get("name")
        said = _said(inner(answer, "answerDetails"), question)
        for key in (name, id_of(answer.get("questionId"))):
            if isinstance(key, str):
                values.setdefault(key, said)
    for field in rows(inner(document, "form"), "hiddenFields"):
        values.setdefault(str(field.get("name")), field.get("value"))
    for consent in rows(inner(document, "formResponse"), "consentResponses"):
        values.setdefault(f"consent:{id_of(consent.get('consentId'))}", consent.get("accepted"))
    return Told(_id(document.get("id")), values, test=document.get("testLead") is True)


def _id(urn: object) -> str | None:
    """`1a-4` of `urn:li:leadGenFormResponse:1a-4`."""
    text = id_of(urn)
    return text.rpartition(":")[2] or None if text else None


def _said(details: Json, question: Json) -> str | None:
    """A text, or the labels of what was chosen."""
    text = inner(details, "textQuestionAnswer").get("answer")
    if isinstance(text, str):
        return text
    kind = inner(question, "questionDetails", "multipleChoiceQuestionDetails")
    labels = {
        id_of(option.get("id")): next(iter(inner(option, "text", "localized").values()), None)
        for option in rows(kind, "options")
    }
    chosen = inner(details, "multipleChoiceAnswer").get("options")
    ids = [id_of(each) for each in chosen] if isinstance(chosen, list) else []
    return ", ".join(str(labels.get(each) or each) for each in ids if each) or None
