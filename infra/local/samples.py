"""Sends the samples of `events/` through the real doors, and reads what became of each.

A file is exactly what Lambda receives. The sender makes the HTTP request from it that API Gateway
would have turned into that file. Files that no door takes (records of a stream or a queue) are left
to the tests of their handlers.
"""

import base64
import email
import email.policy
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from smtplib import SMTPResponseException
from typing import Any
from urllib.parse import parse_qs, urlencode

from infra.local.client import ApiResponse, Client, LeadJson, SubmissionJson
from infra.local.expectations import Expectation, Observation, compare_result, read_expectation
from leadloop.intake.envelope import submission_id

OUTCOME_LIMIT = (
    90.0  # seconds from sending to outcome, first cold starts on a busy machine included
)
POLL = 0.25
PLACEHOLDER = re.compile(r"\{(admin|partner|submission|lead)(?::([\w/-]+))?\}")
UNSENT_HEADERS = {"host", "content-length", "accept-encoding", "connection"}


@dataclass(frozen=True)
class Sample:
    """One file of `events/`; `name` is `<function>/<case>`."""

    name: str
    path: Path
    expected: Expectation

    @property
    def after(self) -> str | None:
        """The full name of the case that must have its outcome before; None if there is none."""
        case = self.expected.after
        return case if case is None or "/" in case else f"{self.path.parent.name}/{case}"


@dataclass
class SampleResult:
    """What became of a sample; `submission` and `lead` are ids, once known."""

    sample: Sample
    actual: Observation
    answer: ApiResponse | None = None
    submission: str | None = None
    lead: str | None = None
    faults: tuple[str, ...] = field(default=())


def read_samples(events: Path) -> tuple[Sample, ...]:
    """All samples that a door takes, by name.

    Raises:
        ExpectationInvalid: an expect.yaml cannot be read.

    """
    return tuple(
        Sample(f"{path.parent.name}/{path.stem}", path, read_expectation(path))
        for path in sorted(events.glob("*/*"))
        if path.suffix == ".eml" or (path.suffix == ".json" and "httpMethod" in read_json(path))
    )


def group_into_waves(every: Iterable[Sample]) -> Iterator[tuple[Sample, ...]]:
    """Samples in waves: each needs only outcomes of the waves before it.

    Raises:
        KeyError: a sample comes after a case that does not exist.

    """
    known = {sample.name: sample for sample in every}
    order = TopologicalSorter({s.name: (s.after,) if s.after else () for s in known.values()})
    order.prepare()
    while order.is_active():
        ready = sorted(order.get_ready())
        yield tuple(known[name] for name in ready)
        order.done(*ready)


class Sender:
    """Sends samples and waits for their outcomes.

    `mail_source` gives the source for a recipient's address.
    """

    def __init__(self, client: Client, mail_source: Callable[[str], str]) -> None:
        self._client = client
        self._mail_source = mail_source
        self._results: dict[str, SampleResult] = {}

    def send_all(self, every: Iterable[Sample]) -> Iterator[SampleResult]:
        """Send all, in waves; yields each result when it is final."""
        for wave in group_into_waves(every):
            sent = [self._send(sample) for sample in wave]
            deadline = time.monotonic() + OUTCOME_LIMIT
            for result in sent:
                self._wait_for_outcome(result, deadline)
                self._results[result.sample.name] = result
                yield result

    def _send(self, sample: Sample) -> SampleResult:
        text = sample.path.read_bytes()
        if sample.path.suffix == ".eml":
            return self._send_mail(sample, text)
        event = json.loads(self._fill_placeholders(text.decode()))
        answer = send_event(self._client, event)
        actual = Observation(status=answer.status, answer=answer.text)
        return SampleResult(sample, actual, answer, submission=_submission_id(event, answer))

    def _send_mail(self, sample: Sample, raw: bytes) -> SampleResult:
        mail = email.message_from_bytes(raw, policy=email.policy.compat32)
        sender, recipient = (parseaddr(str(mail[name]))[1] for name in ("From", "To"))
        try:
            message_id = self._client.send_mail(sender, recipient, raw)
        except SMTPResponseException as refused:
            reply = f"{refused.smtp_code} {refused.smtp_error!r}"
            return SampleResult(sample, Observation(status=refused.smtp_code, answer=reply))
        derived_id = submission_id(self._mail_source(recipient), f"in/{message_id}")
        return SampleResult(sample, Observation(status=250), submission=derived_id)

    def _wait_for_outcome(self, result: SampleResult, deadline: float) -> None:
        expected = result.sample.expected
        while expected.awaits_outcome and result.submission:
            if self._check_outcome(result) or time.monotonic() > deadline:
                break
            time.sleep(POLL)
        result.faults = tuple(self._differences(result))

    def _check_outcome(self, result: SampleResult) -> bool:
        """True when everything that is expected has come, right or wrong."""
        submission = self._client.submission(result.submission or "")
        if submission is None:
            return False
        result.lead = submission.lead_id
        lead = self._client.lead(submission.lead_id) if submission.lead_id else None
        to = result.sample.expected.mail_to
        texts = tuple(self._mails(to, result.lead)) if to else ()
        result.actual = observe_outcome(result.actual, submission, lead).but(mails=texts)
        return not to or not any("mail" in fault for fault in self._differences(result))

    def _mails(self, to: str, lead: str | None) -> Iterator[str]:
        for mail in self._client.mails():
            if mail.recipient == to and mail.message["X-Leadloop-Lead"] == lead:
                yield f"{mail.message['Subject']}\n{mail.text}"

    def _differences(self, result: SampleResult) -> Iterator[str]:
        yield from compare_result(result.sample.expected, result.actual)
        if result.sample.expected.same_answer and result.sample.after:
            before = self._results[result.sample.after].answer
            if before is None or result.answer is None or before.body != result.answer.body:
                yield f"the answer differs from that of {result.sample.after}"

    def _fill_placeholders(self, text: str) -> str:
        return fill_placeholders(
            text,
            admin=self._client.stack.admin,
            partners=self._client.stack.partners,
            submissions={name: each.submission or "" for name, each in self._results.items()},
            leads={name: each.lead or "" for name, each in self._results.items()},
        )


def fill_placeholders(
    text: str,
    *,
    admin: str = "",
    partners: Mapping[str, str] | None = None,
    submissions: Mapping[str, str] | None = None,
    leads: Mapping[str, str] | None = None,
) -> str:
    """The text with `{admin}`, `{partner:NAME}`, `{submission:CASE}`, `{lead:CASE}` filled in.

    A case is named in full, `<function>/<case>`.

    Raises:
        KeyError: there is no such partner or case.

    """
    values = {"partner": partners or {}, "submission": submissions or {}, "lead": leads or {}}

    def value_of(match: re.Match[str]) -> str:
        kind, name = match.groups()
        return admin if kind == "admin" else values[kind][name]

    return PLACEHOLDER.sub(value_of, text)


def send_event(client: Client, event: Mapping[str, Any]) -> ApiResponse:
    """Send the request that a proxy event was made from; return the answer."""
    values = event.get("multiValueQueryStringParameters") or event.get("queryStringParameters")
    query = urlencode(values, doseq=True) if values else ""
    headers = {
        name: value
        for name, value in (event.get("headers") or {}).items()
        if name.lower() not in UNSENT_HEADERS
    }
    return client.call(
        event["httpMethod"],
        event["path"] + (f"?{query}" if query else ""),
        headers=headers,
        body=event_body(event),
    )


def event_body(event: Mapping[str, Any]) -> bytes | None:
    """The bytes of a proxy event's body; None if it has none."""
    body = event.get("body")
    if body is None:
        return None
    if event.get("isBase64Encoded"):
        return base64.b64decode(body)
    return str(body).encode("utf-8", "surrogatepass")


def observe_outcome(
    observation: Observation, submission: SubmissionJson, lead: LeadJson | None
) -> Observation:
    """The observation with what the admin API shows of the submission and its lead."""
    reasons = [f"{reason.code}: {reason.text}" for reason in submission.reasons]
    observation = observation.but(outcome=submission.outcome, reasons=tuple(reasons))
    if lead is None:
        return observation
    reasons += [f"{reason.code}: {reason.text}" for reason in (*lead.reasons, *lead.why_not)]
    reasons += [f"{points.rule}: {points.reason}" for points in lead.lead.score.points]
    assignment = lead.lead.assignment
    return observation.but(
        rating=lead.lead.rating,
        stage=lead.lead.stage,
        pool=assignment.pool if assignment else None,
        owner=assignment.rep if assignment else None,
        reasons=tuple(reasons),
        contact={name: str(value) for name, value in lead.person.contact.items()},
    )


def _submission_id(event: Mapping[str, Any], answer: ApiResponse) -> str | None:
    """The id in the answer; after a redirect it is derived from the key in the form's page."""
    id_: str | None = answer.json().get("submission_id")
    if id_ or answer.status != 303:
        return id_
    form = event["path"].rpartition("/")[2]
    keys = parse_qs((event_body(event) or b"").decode()).get("submission_key", ())
    return next(map(partial(submission_id, form), keys), None)


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file; empty if it holds something else."""
    parsed = json.loads(path.read_text())
    return parsed if isinstance(parsed, dict) else {}
