"""A partner's leads: how to post them, posted and decided at once, and looked up again."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from leadloop.edge import clock, http, raw_bodies
from leadloop.edge.act import act_now, table
from leadloop.edge.live_playbook import playbook
from leadloop.edge.problems import problem
from leadloop.edge.telemetry import taken
from leadloop.edge.wiring import wired
from leadloop.intake.policy import PartnerSource
from leadloop.model.decision import Verdict
from leadloop.model.errors import KeyReused
from leadloop.model.facts import Facts, RecordRef
from leadloop.model.lead import SubmissionOutcome
from leadloop.model.submission import Submission
from leadloop.store.read import read
from partners import description
from partners.answer import STATUS, Answer
from partners.authenticate import caller
from partners.lookup import look_up, told
from partners.read_post import inquiry

REUSED = "This key came before, with another body. Nothing was taken."

routes = http.Routes()


@routes.post(
    "/v1/leads",
    summary="Send a lead",
    responses=description.POSTED,
    openapi_extensions=description.POSTING,
)
def post_lead() -> Response[str]:
    """Decide it now; the same key and body is answered the same for ever."""
    asked = routes.asked
    source = caller_of(asked)
    submission = inquiry(asked, source, clock.now())
    return _said(told(table(), source.id, _decided(submission)))


@routes.get(
    "/v1/submissions/<submission_id>",
    summary="What became of a submission",
    responses=description.LOOKED_UP,
)
def get_submission(submission_id: str) -> Response[str]:
    """Own ones only; another's looks like one that never was."""
    found = look_up(table(), caller_of(routes.asked).id, submission_id)
    return _json(HTTPStatus.OK, found)


@routes.get(
    "/v1/instructions",
    summary="How you post leads, with examples of your own fields",
    responses=description.INSTRUCTIONS,
)
def get_instructions() -> Response[str]:
    """Made from the partner's section of the playbook; Markdown for who accepts that."""
    from partners import instructions  # noqa: PLC0415  who posts leads need not wait for it

    source = caller_of(routes.asked)
    if "text/markdown" in routes.asked.headers.get("accept", ""):
        body = instructions.markdown(source, wired().public_url, clock.now())
        return Response(200, "text/markdown; charset=utf-8", body)
    return http.html(200, instructions.page(source, wired().public_url, clock.now()))


def caller_of(asked: http.Request) -> PartnerSource:
    """Raises: Forbidden."""
    return caller(asked.headers.get("x-api-key"), table(), playbook().playbook)


def _decided(submission: Submission) -> Verdict:
    if not submission.test:
        _refuse_other_bytes(submission)
        submission = raw_bodies.keep(wired().s3, wired().raw_bucket, submission)
    match act_now(submission):
        case Verdict(conflict=True):
            raise KeyReused(REUSED)
        case Verdict() as verdict:
            if not submission.test:
                taken(submission.source, submission.id)
            return verdict
        case other:
            raise TypeError(f"a submission became {other.kind}")


def _refuse_other_bytes(submission: Submission) -> None:
    """Before a big body is put into S3, where it would be nobody's."""
    if raw_bodies.apart(submission):
        ref = RecordRef(submission.id)
        stored = Facts(read(table(), [ref])).record(ref)
        if stored is not None and stored.raw.sha256 != submission.raw.sha256:
            raise KeyReused(REUSED)


def _said(answer: Answer) -> Response[str]:
    if answer.outcome is SubmissionOutcome.REJECTED:
        more = answer.model_dump(mode="json", exclude_none=True)
        return http.refused(
            problem(STATUS[answer.outcome], "We do not take this lead.", kind="rejected", **more)
        )
    return _json(STATUS[answer.outcome], answer)


def _json(status: HTTPStatus, answer: Answer) -> Response[str]:
    return Response(status, "application/json", answer.model_dump_json(exclude_none=True))
