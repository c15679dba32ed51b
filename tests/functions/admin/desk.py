"""The admin API as somebody with a token calls it, and a partner's leads to work on."""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from admin.handler import handler
from leadloop.edge import clock
from leadloop.edge.act import act_now
from leadloop.intake.envelope import sha256, submission_id
from leadloop.model.base import Reason
from leadloop.model.contact import Contact
from leadloop.model.decision import Verdict
from leadloop.model.submission import Channel, Raw, Submission
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from tests.functions.aws_fixture import SECTIONS, AwsFixture, http_event

IDA, BO = "ida@aqua.example", "bo@aqua.example"
PEOPLE = {
    "admin": {"sub": "u-admin", "cognito:groups": "admin"},
    "manager": {"sub": "u-manager", "cognito:groups": "manager"},
    "marketing": {"sub": "u-marketing", "cognito:groups": "marketing"},
    "ida": {"sub": "u-ida", "cognito:groups": "sales", "email": IDA, "email_verified": "true"},
    "bo": {"sub": "u-bo", "cognito:groups": "sales", "email": BO, "email_verified": "true"},
    "nobody": {"sub": "u-nobody"},
}


def build_sections() -> dict[str, Any]:
    """The house's playbook, with a second rep who gets nothing, and reasons to say no."""
    ida = SECTIONS["pools"]["field"]["reps"][0]
    bo = {**ida, "id": "bo", "name": "Bo Quist", "email": BO, "max_open": 0}
    lifecycle = {
        **SECTIONS["lifecycle"],
        "reject_reasons": [{"id": "too_early", "text": "Too early", "to": "nurturing"}],
        "lost_reasons": [{"id": "budget", "text": "No budget", "wait_days": 90}],
    }
    pool = {**SECTIONS["pools"]["field"], "reps": [ida, bo]}
    return {**SECTIONS, "pools": {"field": pool}, "lifecycle": lifecycle}


class Desk:
    """Calls as one of `PEOPLE`; every answer has its JSON in `said`."""

    def __init__(self, home: AwsFixture, context: LambdaContext) -> None:
        self.home, self._context = home, context
        home.publish(stamp_version(Playbook.model_validate(build_sections())))

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        who: str = "admin",
        query: dict[str, str] | None = None,
        **headers: str,
    ) -> dict[str, Any]:
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        event = http_event(method, path, text, content_type="application/json", **headers)
        event["queryStringParameters"] = query
        event["multiValueQueryStringParameters"] = (
            {name: [value] for name, value in query.items()} if query else None
        )
        event["requestContext"]["authorizer"] = {"claims": PEOPLE[who]}
        return handler(event, self._context)

    def get(self, path: str, **more: Any) -> dict[str, Any]:
        return self.call("GET", path, **more)

    def post(self, path: str, body: object = None, **more: Any) -> dict[str, Any]:
        return self.call("POST", path, body, **more)

    def create_lead(self, email: str = "rosa@pumpen.example", **changes: Any) -> str:
        """The id of a lead that qualified and is Ida's."""
        return self.submit(email, **changes).submission_id

    def create_quarantined(self, body: bytes = b"no mail at all") -> str:
        why = (Reason(code="unreadable", text="no lead in it"),)
        return self.submit("", source="portal", body=body, unreadable=why).submission_id

    def submit(
        self, email: str, *, source: str = "haus", body: bytes | None = None, **changes: Any
    ) -> Verdict:
        raw = body if body is not None else json.dumps({"email": email}).encode()
        submission = Submission(
            id=submission_id(source, sha256(raw)),
            source=source,
            channel=Channel.MAIL if source == "portal" else Channel.PARTNER,
            received_at=clock.now(),
            raw=Raw(sha256=sha256(raw), size=len(raw), body=raw, content_type="text/plain"),
            contact=Contact(email=email or None, last_name="Marín", company="Marín GmbH"),
        )
        verdict = act_now(submission.but(**changes))
        assert isinstance(verdict, Verdict)
        return verdict


def json_body(answer: dict[str, Any]) -> Any:
    return json.loads(answer["body"])


def response_header(answer: dict[str, Any], name: str) -> str:
    return answer["multiValueHeaders"][name][0]
