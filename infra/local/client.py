"""What stands outside and calls the system by its addresses: HTTP, SMTP, the admin API."""

import http.client
import json
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from infra.local.mail import SentMail, sent_mails
from infra.local.stack_file import StackFile

PATIENCE = 60  # seconds for one answer; a cold function on a busy machine takes some


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    def json(self) -> dict[str, Any]:
        """The body's object, or nothing if it is none."""
        try:
            said = json.loads(self.body)
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}


class Seen(BaseModel):
    """Base of what we read of an answer: the rest is not our business."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ReasonSeen(Seen):
    code: str
    text: str


class SubmissionSeen(Seen):
    outcome: str
    lead_id: str | None
    reasons: tuple[ReasonSeen, ...]


class AssignmentSeen(Seen):
    pool: str
    rep: str | None


class PointsSeen(Seen):
    rule: str
    reason: str


class ScoreSeen(Seen):
    points: tuple[PointsSeen, ...]


class OpportunitySeen(Seen):
    id: str
    state: str


class EnrolmentSeen(Seen):
    sequence: str
    step: str


class LeadState(Seen):
    stage: str
    rating: str
    cycle: int
    contact: Mapping[str, Any]
    score: ScoreSeen
    assignment: AssignmentSeen | None
    enrolment: EnrolmentSeen | None = None
    opportunities: tuple[OpportunitySeen, ...] = ()


class LeadSeen(Seen):
    version: int
    lead: LeadState
    reasons: tuple[ReasonSeen, ...]
    why_not: tuple[ReasonSeen, ...]


class EventSeen(Seen):
    name: str


class EntrySeen(Seen):
    events: tuple[EventSeen, ...]


class TimelineSeen(Seen):
    entries: tuple[EntrySeen, ...]


class Client:
    """One caller; each call is a connection of its own."""

    def __init__(self, stack: StackFile) -> None:
        self.stack = stack
        self._place = urlsplit(stack.api_url)

    def call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """`path` with its query, without the stage."""
        connection = http.client.HTTPConnection(
            self._place.hostname or "", self._place.port, timeout=PATIENCE
        )
        try:
            connection.request(method, self._place.path + path, body, dict(headers or {}))
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, named, answer.read())
        finally:
            connection.close()

    def admin(self, method: str, path: str, **body: object) -> Answer:
        """`path` below /admin/v1, with the admin's token and a JSON body if one is given."""
        headers = {"Authorization": f"Bearer {self.stack.admin}"}
        if body:
            headers["Content-Type"] = "application/json"
        sent = json.dumps(body).encode() if body else None
        return self.call(method, f"/admin/v1{path}", headers=headers, body=sent)

    def submission(self, submission_id: str) -> SubmissionSeen | None:
        """None as long as it has no outcome."""
        answer = self.admin("GET", f"/submissions/{submission_id}")
        return SubmissionSeen.model_validate_json(answer.body) if answer.status == 200 else None

    def lead(self, lead_id: str) -> LeadSeen | None:
        answer = self.admin("GET", f"/leads/{lead_id}")
        return LeadSeen.model_validate_json(answer.body) if answer.status == 200 else None

    def story(self, lead_id: str) -> tuple[str, ...]:
        """The names of what happened to a lead, oldest first, as far as one page goes."""
        answer = self.admin("GET", f"/leads/{lead_id}/timeline?limit=200")
        if answer.status != 200:
            return ()
        entries = TimelineSeen.model_validate_json(answer.body).entries
        return tuple(event.name for entry in reversed(entries) for event in entry.events)

    def raw(self, submission_id: str) -> bytes | None:
        """A submission's bytes as they came. Only whoever says so is sent bytes as such."""
        bearer = {"Authorization": f"Bearer {self.stack.admin}"}
        path = f"/admin/v1/submissions/{submission_id}/raw"
        answer = self.call("GET", path, headers=bearer | {"Accept": "application/octet-stream"})
        return answer.body if answer.status == 200 else None

    def send_mail(self, sender: str, recipient: str, raw: bytes) -> str:
        """Hand a mail to the drop; the id that the drop gave it.

        Raises:
            smtplib.SMTPResponseException: it was refused.
        """
        with smtplib.SMTP(self.stack.smtp.host, self.stack.smtp.port, timeout=PATIENCE) as server:
            server.ehlo()
            options = ["BODY=8BITMIME", "SMTPUTF8"] if server.has_extn("smtputf8") else []
            for step in (
                partial(server.mail, sender, options),
                partial(server.rcpt, recipient),
                partial(server.data, raw),
            ):
                code, said = step()
                if code != 250:
                    raise smtplib.SMTPResponseException(code, said)
            return said.decode().split()[-1]

    def mails(self) -> tuple[SentMail, ...]:
        """Everything that has left the system, oldest first."""
        return tuple(sent_mails(Path(self.stack.mail)))
