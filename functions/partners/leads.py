"""A partner's leads: posting them, looking them up, and the instructions for both."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from leadloop.edge import clock, http, raw_bodies
from leadloop.edge.act import act_now, table
from leadloop.edge.live_playbook import playbook
from leadloop.edge.problems import build_problem
from leadloop.edge.telemetry import record_accepted
from leadloop.edge.wiring import get_wiring
from leadloop.intake.policy import PartnerSource
from leadloop.model.decision import Verdict
from leadloop.model.errors import KeyReused
from leadloop.model.facts import Facts
from leadloop.model.lead import RecordRef, SubmissionOutcome
from leadloop.model.submission import Submission
from leadloop.store.read import read
from partners import description
from partners.answer import STATUS, PartnerAnswer
from partners.authenticate import authenticate_partner
from partners.lookup import look_up, to_answer
from partners.read_post import read_submission

KEY_REUSED_TEXT = "This key came before, with another body. Nothing was taken."

routes = http.Routes()


@routes.post(
    "/v1/leads",
    summary="Send a lead",
    responses=description.POST_RESPONSES,
    openapi_extensions=description.POST_EXTENSIONS,
)
def post_lead() -> Response[str]:
    """Decide it now; the same key and body is answered the same for ever."""
    request = routes.current_request
    source = authenticate_request(request)
    submission = read_submission(request, source, clock.now())
    return _answer_response(to_answer(table(), source.id, _decide(submission)))


@routes.get(
    "/v1/submissions/<submission_id>",
    summary="What became of a submission",
    responses=description.LOOKUP_RESPONSES,
)
def get_submission(submission_id: str) -> Response[str]:
    """Own ones only; another's looks like one that never was."""
    answer = look_up(table(), authenticate_request(routes.current_request).id, submission_id)
    return _json(HTTPStatus.OK, answer)


@routes.get(
    "/v1/instructions",
    summary="How you post leads, with examples of your own fields",
    responses=description.INSTRUCTIONS_RESPONSES,
)
def get_instructions() -> Response[str]:
    """Made from the partner's section of the playbook; Markdown for who accepts that."""
    from partners import instructions  # noqa: PLC0415  posts of leads do not need it

    source = authenticate_request(routes.current_request)
    if "text/markdown" in routes.current_request.headers.get("accept", ""):
        body = instructions.markdown(source, get_wiring().public_url, clock.now())
        return Response(200, "text/markdown; charset=utf-8", body)
    return http.html_response(200, instructions.page(source, get_wiring().public_url, clock.now()))


def authenticate_request(request: http.Request) -> PartnerSource:
    """The source of the partner who calls.

    Raises:
        Forbidden: the header x-api-key holds no key of ours.

    """
    return authenticate_partner(request.headers.get("x-api-key"), table(), playbook().playbook)


def _decide(submission: Submission) -> Verdict:
    if not submission.test:
        _refuse_reused_key(submission)
        submission = raw_bodies.store_large_body(
            get_wiring().s3, get_wiring().raw_bucket, submission
        )
    match act_now(submission):
        case Verdict(conflict=True):
            raise KeyReused(KEY_REUSED_TEXT)
        case Verdict() as verdict:
            if not submission.test:
                record_accepted(submission.source, submission.id)
            return verdict
        case other:
            raise TypeError(f"a submission became {other.kind}")


def _refuse_reused_key(submission: Submission) -> None:
    """Raise KeyReused before a large body is stored in S3, where no record would name it."""
    if raw_bodies.has_large_body(submission):
        ref = RecordRef(submission.id)
        stored = Facts(read(table(), [ref])).get(ref)
        if stored is not None and stored.raw.sha256 != submission.raw.sha256:
            raise KeyReused(KEY_REUSED_TEXT)


def _answer_response(answer: PartnerAnswer) -> Response[str]:
    if answer.outcome is SubmissionOutcome.REJECTED:
        more = answer.model_dump(mode="json", exclude_none=True)
        return http.problem_response(
            build_problem(
                STATUS[answer.outcome], "We do not take this lead.", kind="rejected", **more
            )
        )
    return _json(STATUS[answer.outcome], answer)


def _json(status: HTTPStatus, answer: PartnerAnswer) -> Response[str]:
    return Response(status, "application/json", answer.model_dump_json(exclude_none=True))
