"""A client of the running system, by its addresses: HTTP, SMTP, the admin API."""

import http.client
import json
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict

from infra.local.stack_file import StackFile
from leadloop.cli.sent_mails import SentMail, read_sent_mails

RESPONSE_TIMEOUT = 60  # seconds for one answer; a cold function on a busy machine takes some


@dataclass(frozen=True)
class ApiResponse:
    """An HTTP answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty if it is none."""
        try:
            parsed = json.loads(self.body)
        except ValueError:
            return {}
        return parsed if isinstance(parsed, dict) else {}


class JsonModel(BaseModel):
    """Base of the parts that are read of an answer; other fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ReasonJson(JsonModel):
    code: str
    text: str


class SubmissionJson(JsonModel):
    outcome: str
    lead_id: str | None
    reasons: tuple[ReasonJson, ...]


class AssignmentJson(JsonModel):
    pool: str
    rep: str | None


class PointsJson(JsonModel):
    rule: str
    reason: str


class ScoreJson(JsonModel):
    fit: int = 0
    behaviour: int = 0
    points: tuple[PointsJson, ...]


class OpportunityJson(JsonModel):
    id: str
    state: str


class EnrolmentJson(JsonModel):
    sequence: str
    step: str


class PersonJson(JsonModel):
    contact: Mapping[str, Any]


class LeadStateJson(JsonModel):
    stage: str
    rating: str
    cycle: int
    score: ScoreJson
    assignment: AssignmentJson | None
    enrolments: tuple[EnrolmentJson, ...] = ()
    opportunities: tuple[OpportunityJson, ...] = ()


class LeadJson(JsonModel):
    version: int
    person: PersonJson
    lead: LeadStateJson
    reasons: tuple[ReasonJson, ...]
    why_not: tuple[ReasonJson, ...]


class WorkItemJson(JsonModel):
    """A lead in a list, or a submission in quarantine; `asked` since when a question waits."""

    id: str
    title: str
    company: str
    stage: str
    rating: str
    score: int
    asked: datetime | None


class WorkItemsJson(JsonModel):
    rows: tuple[WorkItemJson, ...]
    next: str | None


class EventJson(JsonModel):
    name: str


class EntryJson(JsonModel):
    events: tuple[EventJson, ...]


class TimelineJson(JsonModel):
    entries: tuple[EntryJson, ...]


class Client:
    """One caller; each call is a connection of its own."""

    def __init__(self, stack: StackFile) -> None:
        self.stack = stack
        self._address = urlsplit(stack.api_url)

    def call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> ApiResponse:
        """Send a request and return the answer; `path` has its query, but not the stage."""
        connection = http.client.HTTPConnection(
            self._address.hostname or "", self._address.port, timeout=RESPONSE_TIMEOUT
        )
        try:
            connection.request(method, self._address.path + path, body, dict(headers or {}))
            answer = connection.getresponse()
            response_headers = {name.lower(): value for name, value in answer.getheaders()}
            return ApiResponse(answer.status, response_headers, answer.read())
        finally:
            connection.close()

    def admin(self, method: str, path: str, **body: object) -> ApiResponse:
        """Call `path` below /admin/v1 with the admin's token; `body` becomes a JSON object."""
        headers = {"Authorization": f"Bearer {self.stack.admin}"}
        if body:
            headers["Content-Type"] = "application/json"
        content = json.dumps(body).encode() if body else None
        return self.call(method, f"/admin/v1{path}", headers=headers, body=content)

    def publish(self, files: Mapping[str, str], if_match: str = "*") -> ApiResponse:
        """Publish a playbook instead of the version `if_match`; by default of any."""
        headers = {
            "Authorization": f"Bearer {self.stack.admin}",
            "Content-Type": "application/json",
            "If-Match": if_match,
        }
        body = json.dumps({"files": files}).encode()
        return self.call("POST", "/admin/v1/playbook", headers=headers, body=body)

    def submission(self, submission_id: str) -> SubmissionJson | None:
        """The submission, or None as long as it has no outcome."""
        answer = self.admin("GET", f"/submissions/{submission_id}")
        return SubmissionJson.model_validate_json(answer.body) if answer.status == 200 else None

    def lead(self, lead_id: str) -> LeadJson | None:
        """The lead, or None if it is not known."""
        answer = self.admin("GET", f"/leads/{lead_id}")
        return LeadJson.model_validate_json(answer.body) if answer.status == 200 else None

    def work_items(self, path: str, cursor: str | None, limit: int) -> WorkItemsJson:
        """A page of `/leads` or `/quarantine`; no rows if it is refused."""
        query = urlencode({"limit": limit} | ({"cursor": cursor} if cursor else {}))
        answer = self.admin("GET", f"{path}?{query}")
        if answer.status != 200:
            return WorkItemsJson(rows=(), next=None)
        return WorkItemsJson.model_validate_json(answer.body)

    def event_names(self, lead_id: str) -> tuple[str, ...]:
        """The names of what happened to a lead, oldest first, as far as one page goes."""
        answer = self.admin("GET", f"/leads/{lead_id}/timeline?limit=200")
        if answer.status != 200:
            return ()
        entries = TimelineJson.model_validate_json(answer.body).entries
        return tuple(event.name for entry in reversed(entries) for event in entry.events)

    def raw_body(self, submission_id: str) -> bytes | None:
        """A submission's bytes as they came; None if it is not known."""
        bearer = {"Authorization": f"Bearer {self.stack.admin}"}
        path = f"/admin/v1/submissions/{submission_id}/raw"
        answer = self.call("GET", path, headers=bearer | {"Accept": "application/octet-stream"})
        return answer.body if answer.status == 200 else None

    def send_mail(self, sender: str, recipient: str, raw: bytes) -> str:
        """Send a mail to the drop; return the id that the drop gave it.

        Raises:
            smtplib.SMTPResponseException: the drop refused it.
        """
        with smtplib.SMTP(
            self.stack.smtp.host, self.stack.smtp.port, timeout=RESPONSE_TIMEOUT
        ) as server:
            server.ehlo()
            options = ["BODY=8BITMIME", "SMTPUTF8"] if server.has_extn("smtputf8") else []
            for step in (
                partial(server.mail, sender, options),
                partial(server.rcpt, recipient),
                partial(server.data, raw),
            ):
                code, reply = step()
                if code != 250:
                    raise smtplib.SMTPResponseException(code, reply)
            return reply.decode().split()[-1]

    def mails(self) -> tuple[SentMail, ...]:
        """All mails that have left the system, oldest first."""
        return tuple(read_sent_mails(Path(self.stack.mail)))
