"""Quick entry: a colleague enters one person by hand, and it is decided at once."""

from aws_lambda_powertools.event_handler import Response
from ulid import ULID

from admin.roles import Right
from admin.routes import Routes, describe_responses
from leadloop.edge import clock, raw_bodies
from leadloop.edge.act import act_now
from leadloop.edge.http import Request
from leadloop.edge.live_playbook import playbook
from leadloop.edge.telemetry import record_accepted
from leadloop.edge.wiring import get_wiring
from leadloop.intake.envelope import Envelope
from leadloop.intake.policy import DeskSource
from leadloop.intake.read import read_or_raise
from leadloop.intake.text.bodies import json_object
from leadloop.model.base import Reason
from leadloop.model.decision import Verdict
from leadloop.model.errors import FieldsInvalid, KeyReused
from leadloop.model.lead import SubmissionOutcome
from leadloop.model.submission import Channel, Submission

SUBMISSIONS = "/admin/v1/submissions"
KEY_FIELD, LONGEST_KEY = "submission_key", 200
STATUS = {
    SubmissionOutcome.LEAD: 201,
    SubmissionOutcome.MERGED: 200,
    SubmissionOutcome.QUARANTINED: 202,
    SubmissionOutcome.REJECTED: 200,
}
ENTRY = {
    "type": "object",
    "required": ["source"],
    "properties": {
        "source": {"type": "string", "description": "A source of kind desk: the desk, a fair"},
        KEY_FIELD: {"type": "string", "description": "Made once per entry: sent twice, it is one"},
        "email": {"type": "string"},
        "phone": {"type": "string"},
        "attendance": {"type": "string", "description": "Of an event's list"},
    },
    "additionalProperties": {"description": "Any field of the source"},
}
ENTRY_EXTENSIONS = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": ENTRY}}}
}

routes = Routes()


@routes.post(
    SUBMISSIONS,
    summary="Enter somebody by hand; the same key and body is answered the same for ever",
    responses=describe_responses(Verdict, *sorted(set(STATUS.values()))),
    openapi_extensions=ENTRY_EXTENSIONS,
)
def enter() -> Response[Verdict]:
    routes.permit(Right.ENTER)
    request = routes.current_request
    document = json_object(request.body)
    source = _desk_source(document.get("source"))
    verdict = _decide(_build_submission(request, source, _key(document.get(KEY_FIELD))))
    return Response(STATUS[verdict.outcome], "application/json", verdict)


def _build_submission(request: Request, source: DeskSource, key: str | None) -> Submission:
    """The submission in the request's body.

    Raises:
        FieldsInvalid, Unreadable, TooLarge: they name every fault.

    """
    envelope = Envelope.of(
        source.id,
        Channel.DESK,
        request.body,
        key,
        clock.now(),
        drawn_id=str(ULID()),
        content_type="application/json",
    )
    (submission,) = read_or_raise(envelope, request.body, source)
    return raw_bodies.store_large_body(get_wiring().s3, get_wiring().raw_bucket, submission)


def _decide(submission: Submission) -> Verdict:
    match act_now(submission):
        case Verdict(conflict=True):
            raise KeyReused("This key came before, with another body. Nothing was taken.")
        case Verdict() as verdict:
            record_accepted(submission.source, submission.id)
            return verdict.but(repeated=False)
        case other:
            raise TypeError(f"a submission became {other.kind}")


def _desk_source(name: object) -> DeskSource:
    source = playbook().playbook.sources.get(name) if isinstance(name, str) else None
    if not isinstance(source, DeskSource):
        sources = playbook().playbook.sources.values()
        known = ", ".join(each.id for each in sources if isinstance(each, DeskSource))
        raise _invalid_field(
            "source", f"source: one of {known or 'none, the playbook has no desk'}"
        )
    return source


def _key(key: object) -> str | None:
    if key is None:
        return None
    if not isinstance(key, str) or not key.strip() or len(key) > LONGEST_KEY:
        raise _invalid_field(KEY_FIELD, f"{KEY_FIELD}: a text of up to {LONGEST_KEY} characters")
    return key


def _invalid_field(code: str, text: str) -> FieldsInvalid:
    return FieldsInvalid((Reason(code=code, text=text),))
