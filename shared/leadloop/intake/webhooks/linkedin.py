"""LinkedIn: a post names a response; its answers, and what was asked, are with the Lead Sync API.

A response that its member deleted is told of too: then nothing of it may be kept.
"""

from collections.abc import Iterator

from leadloop.intake.webhooks.vendor_lead import (
    JsonObject,
    VendorLead,
    inner_object,
    list_objects,
    odd_shape_reason,
    vendor_id_text,
)

LEAD_ACTION_TYPE = "LEAD_ACTION"


def leads_in(document: JsonObject) -> Iterator[VendorLead]:
    """One lead, new or deleted; posts about anything else tell of none."""
    if document.get("type", LEAD_ACTION_TYPE) != LEAD_ACTION_TYPE:
        return
    action, id_ = document.get("leadAction"), _urn_id(document.get("leadGenFormResponse"))
    doubts = () if id_ else (odd_shape_reason("leadGenFormResponse"),)
    if action == "DELETED":
        yield VendorLead(id_, {}, deleted=True, doubts=doubts)
    elif action == "CREATED":
        yield VendorLead(id_, None if id_ else {}, doubts=doubts)


def read_fetched_lead(document: JsonObject) -> VendorLead:
    """What the Lead Sync API says of one response, with the form's questions beside it."""
    values: dict[str, object] = {}
    asked = {
        vendor_id_text(q.get("questionId")): q
        for q in list_objects(inner_object(document, "form", "content"), "questions")
    }
    for answer in list_objects(inner_object(document, "formResponse"), "answers"):
        question = asked.get(vendor_id_text(answer.get("questionId")), {})
        name = question.get("predefinedField") or question.get("name") or answer.get("name")
        said = _answer_text(inner_object(answer, "answerDetails"), question)
        for key in (name, vendor_id_text(answer.get("questionId"))):
            if isinstance(key, str):
                values.setdefault(key, said)
    for field in list_objects(inner_object(document, "form"), "hiddenFields"):
        values.setdefault(str(field.get("name")), field.get("value"))
    for consent in list_objects(inner_object(document, "formResponse"), "consentResponses"):
        values.setdefault(
            f"consent:{vendor_id_text(consent.get('consentId'))}", consent.get("accepted")
        )
    return VendorLead(_urn_id(document.get("id")), values, test=document.get("testLead") is True)


def _urn_id(urn: object) -> str | None:
    """`1a-4` of `urn:li:leadGenFormResponse:1a-4`."""
    text = vendor_id_text(urn)
    return text.rpartition(":")[2] or None if text else None


def _answer_text(details: JsonObject, question: JsonObject) -> str | None:
    """A text, or the labels of what was chosen."""
    text = inner_object(details, "textQuestionAnswer").get("answer")
    if isinstance(text, str):
        return text
    kind = inner_object(question, "questionDetails", "multipleChoiceQuestionDetails")
    labels = {
        vendor_id_text(option.get("id")): next(
            iter(inner_object(option, "text", "localized").values()), None
        )
        for option in list_objects(kind, "options")
    }
    chosen = inner_object(details, "multipleChoiceAnswer").get("options")
    ids = [vendor_id_text(each) for each in chosen] if isinstance(chosen, list) else []
    return ", ".join(str(labels.get(each) or each) for each in ids if each) or None
