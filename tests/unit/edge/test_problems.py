import json

import pytest

from leadloop.edge import problems
from leadloop.edge.http import build_resolver
from leadloop.edge.problems import AttemptFailure, AttemptSuccess, attempt
from leadloop.model import errors
from leadloop.model.base import Reason
from tests.lambda_context import FakeLambdaContext

EVENT = {
    "httpMethod": "GET",
    "path": "/",
    "headers": {},
    "requestContext": {"identity": {"sourceIp": "192.0.2.1"}},
    "body": None,
}
PERSON = "jane.doe@example.com"


def tree(root: type[errors.LeadloopError]) -> set[type[errors.LeadloopError]]:
    return {root}.union(*(tree(child) for child in root.__subclasses__()))


def answered(error: Exception) -> tuple[int, dict[str, object], dict[str, list[str]]]:
    app = build_resolver()

    @app.get("/")
    def route() -> None:
        raise error

    answer = app.resolve(EVENT, FakeLambdaContext())
    return answer["statusCode"], json.loads(answer["body"]), answer["multiValueHeaders"]


def test_every_fault_of_a_caller_has_a_status() -> None:
    assert set(problems.STATUS) == tree(errors.LeadloopError) - {errors.LeadloopError}


def test_no_fault_of_a_caller_is_a_5xx_but_busy() -> None:
    assert {e for e, status in problems.STATUS.items() if status >= 500} == {errors.Busy}


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (errors.TooLarge("At most 32 KB."), 413, "too-large"),
        (errors.Unreadable("No JSON."), 400, "unreadable"),
        (errors.IllegalMove(how="win", stage="new"), 409, "illegal-move"),
        (errors.Stale("Read it again."), 412, "stale"),
    ],
)
def test_a_fault_of_the_caller_says_what_to_mend(
    error: errors.LeadloopError, status: int, kind: str
) -> None:
    got, body, headers = answered(error)
    assert (got, body["status"]) == (status, status)
    assert body["type"] == f"urn:leadloop:problem:{kind}"
    assert body["detail"] == str(error)
    assert headers["Content-Type"] == ["application/problem+json"]


def test_each_field_is_named_with_what_to_mend() -> None:
    faults = (Reason(code="email_missing", text="Give an e-mail."),)
    status, body, _ = answered(errors.FieldsInvalid(faults))
    assert status == 422
    assert body["errors"] == [{"code": "email_missing", "text": "Give an e-mail."}]


def test_unknown_and_not_yours_look_the_same() -> None:
    mine = answered(errors.NotFound("submission 1 is another partner's"))
    nobody = answered(errors.NotFound("no submission 2"))
    assert mine == nobody


def test_busy_says_when_to_come_again() -> None:
    status, _, headers = answered(errors.Busy("Lost every round."))
    assert (status, headers["Retry-After"]) == (503, ["1"])


def test_our_fault_tells_nothing_to_the_caller_nor_of_the_person_to_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, body, _ = answered(RuntimeError(f"cannot parse {PERSON}"))
    assert status == 500
    assert PERSON not in json.dumps(body)
    said = capsys.readouterr()
    assert PERSON not in said.out + said.err


def test_an_unknown_path_is_a_problem_too() -> None:
    answer = build_resolver().resolve(EVENT, FakeLambdaContext())
    assert answer["statusCode"] == 404
    assert json.loads(answer["body"])["status"] == 404


def test_an_attempt_gives_the_value_or_the_fault() -> None:
    assert attempt("Adding", lambda: 1 + 1) == AttemptSuccess(2)
    failed = attempt("Dividing", lambda: 1 // 0)
    assert isinstance(failed, AttemptFailure)
    assert isinstance(failed.error, ZeroDivisionError)
