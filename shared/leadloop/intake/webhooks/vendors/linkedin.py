"""LinkedIn lead forms: a post names a response; the Lead Sync API has its answers and questions.

A post also names a response that its member deleted: then nothing of it may be kept.

Source: learn.microsoft.com/linkedin/marketing/lead-sync/leadsync.
"""

import hmac
import re
from collections.abc import Iterator, Mapping

from leadloop.intake.public_sources import PublicWebhook
from leadloop.intake.webhook_signatures import Signature
from leadloop.intake.webhooks.vendor import HandshakeAnswer, KeyLookup, Vendor
from leadloop.intake.webhooks.vendor_lead import (
    JsonObject,
    VendorLead,
    inner_object,
    list_objects,
    name_values,
    odd_shape_reason,
    vendor_id_text,
)
from leadloop.model.base import Model
from leadloop.model.errors import Forbidden, Unreadable

LEAD_ACTION_TYPE = "LEAD_ACTION"
UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)


class ChallengeResponse(Model):
    """The answer to LinkedIn's handshake, by LinkedIn's names."""

    challengeCode: str  # noqa: N815
    challengeResponse: str  # noqa: N815


def read_leads(document: JsonObject, _source: PublicWebhook) -> Iterator[VendorLead]:
    """The one lead of a post, new or deleted; a post of another type holds none."""
    if document.get("type", LEAD_ACTION_TYPE) != LEAD_ACTION_TYPE:
        return
    action, id_ = document.get("leadAction"), _urn_id(document.get("leadGenFormResponse"))
    doubts = () if id_ else (odd_shape_reason("leadGenFormResponse"),)
    if action == "DELETED":
        yield VendorLead(id_, {}, deleted=True, doubts=doubts)
    elif action == "CREATED":
        yield VendorLead(id_, None if id_ else {}, doubts=doubts)


def read_fetched_lead(document: JsonObject) -> VendorLead:
    """One response as the Lead Sync API answers it, together with its form."""
    questions = {
        vendor_id_text(question.get("questionId")): question
        for question in list_objects(inner_object(document, "form", "content"), "questions")
    }
    answers = list(list_objects(inner_object(document, "formResponse"), "answers"))
    questions_of = [questions.get(vendor_id_text(each.get("questionId")), {}) for each in answers]
    typed = (
        (
            _answer_names(answer, question),
            _answer_text(inner_object(answer, "answerDetails"), question),
        )
        for answer, question in zip(answers, questions_of, strict=True)
    )
    hidden = (
        ([field.get("name")], field.get("value"))
        for field in list_objects(inner_object(document, "form"), "hiddenFields")
    )
    consents = (
        ([f"consent:{vendor_id_text(consent.get('consentId'))}"], consent.get("accepted"))
        for consent in list_objects(inner_object(document, "formResponse"), "consentResponses")
    )
    values, others = name_values((*typed, *hidden, *consents))
    return VendorLead(
        _urn_id(document.get("id")),
        values,
        test=document.get("testLead") is True,
        other_names=others,
    )


def _answer_names(answer: JsonObject, question: JsonObject) -> list[object]:
    """The names of a question: its kind, its name, its wording in each language, its id."""
    wordings = inner_object(question, "question", "localized").values()
    names = (question.get("predefinedField"), question.get("name"), answer.get("name"))
    return [*names, *wordings, vendor_id_text(answer.get("questionId"))]


def answer_handshake(
    query: Mapping[str, str], source: PublicWebhook, keys: KeyLookup
) -> HandshakeAnswer:
    """The challenge code with its HMAC.

    The same key signs posts. So only what looks like a challenge is signed.

    Raises:
        Unreadable: there is no challenge code. Forbidden: the source's secret has no key yet.

    """
    code = query.get("challengeCode", "")
    if not UUID.fullmatch(code):
        raise Unreadable("Ask with a challengeCode, which is a UUID.")
    key = next(iter(keys(source.secret)), None)
    if key is None:
        raise Forbidden(f"“{source.id}” has no key yet.")
    response = hmac.digest(key.encode(), code.encode(), "sha256").hex()
    answer = ChallengeResponse(challengeCode=code, challengeResponse=response)
    return HandshakeAnswer("application/json", answer.model_dump_json())


def _urn_id(urn: object) -> str | None:
    """`1a-4` of `urn:li:leadGenFormResponse:1a-4`."""
    text = vendor_id_text(urn)
    return text.rpartition(":")[2] or None if text else None


def _answer_text(details: JsonObject, question: JsonObject) -> str | None:
    """The text of an answer, or the labels of the chosen options."""
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
    options = inner_object(details, "multipleChoiceAnswer").get("options")
    ids = [vendor_id_text(option) for option in options] if isinstance(options, list) else []
    return ", ".join(str(labels.get(id_) or id_) for id_ in ids if id_) or None


VENDOR = Vendor(
    Signature(by="signature", header="x-li-signature", signed="hmacsha256={body}"),
    read_leads,
    read_fetched_lead,
    answer_handshake,
)
