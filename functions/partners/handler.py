"""API Gateway `/v1` → `act`: a partner's lead, decided while the partner waits."""

from leadloop.edge.cold_start import ready  # isort: split

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.edge import clock, http, raw
from leadloop.edge.hand import act_now, table
from leadloop.edge.playbooks import playbook
from leadloop.edge.problems import problem
from leadloop.edge.telemetry import answered
from leadloop.edge.wiring import wired
from leadloop.intake.policy import PartnerSource
from leadloop.model.decision import Verdict
from leadloop.model.errors import KeyReused
from leadloop.model.lead import SubmissionOutcome
from leadloop.model.submission import Submission
from partners import description
from partners.answer import STATUS, Answer
from partners.caller import caller
from partners.inquiry import inquiry
from partners.own import look_up, told

app = http.door()


@app.post(
    "/v1/leads",
    summary="Send a lead",
    responses=description.POSTED,
    openapi_extensions=description.POSTING,
)
def post_lead() -> Response[str]:
    """Decide it now; the same key and body is answered the same for ever."""
    source = _partner()
    submission = inquiry(http.request(app), source, clock.now())
    return _said(told(table(), source.id, _decided(submission)))


@app.get(
    "/v1/submissions/<submission_id>",
    summary="What became of a submission",
    responses=description.LOOKED_UP,
)
def get_submission(submission_id: str) -> Response[str]:
    """Own ones only; another's looks like one that never was."""
    found = look_up(table(), _partner().id, submission_id)
    return _json(HTTPStatus.OK, found.model_dump_json(exclude_none=True))


@app.get("/v1/openapi.json", include_in_schema=False)
def get_description() -> Response[str]:
    from partners import docs  # noqa: PLC0415  who posts leads need not wait for it

    return _json(HTTPStatus.OK, docs.openapi(app))


@app.get("/v1/docs", include_in_schema=False)
def get_docs() -> Response[str]:
    from partners import docs  # noqa: PLC0415  the same

    return http.html(HTTPStatus.OK, docs.page(app))


def _partner() -> PartnerSource:
    return caller(http.request(app).headers.get("x-api-key"), table(), playbook().playbook)


def _decided(submission: Submission) -> Verdict:
    if not submission.test:
        submission = raw.keep(wired().s3, wired().raw_bucket, submission)
    match act_now(submission):
        case Verdict(conflict=True):
            raise KeyReused("This key came before, with another body. Nothing was taken.")
        case Verdict() as verdict:
            return verdict
        case other:
            raise TypeError(f"a submission became {other.kind}")


def _said(answer: Answer) -> Response[str]:
    if answer.outcome is SubmissionOutcome.REJECTED:
        more = answer.model_dump(mode="json", exclude_none=True)
        return http.refused(
            problem(STATUS[answer.outcome], "We do not take this lead.", kind="rejected", **more)
        )
    return _json(STATUS[answer.outcome], answer.model_dump_json(exclude_none=True))


def _json(status: HTTPStatus, body: str) -> Response[str]:
    return Response(status, "application/json", body)


@ready
def handler(event: http.Event, context: LambdaContext) -> http.Event:
    return answered("Partner answered", app.resolve(event, context))
