"""Tells the stories of `events/stories` to the running system, several people side by side."""

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import parseaddr
from smtplib import SMTPResponseException
from typing import Any
from urllib.parse import parse_qs, urlsplit

from infra.local import file_imports
from infra.local.aws import Aws
from infra.local.client import Answer, Client, LeadSeen
from infra.local.expectations import Actual
from infra.local.mail import SentMail
from infra.local.samples import OUTCOME_LIMIT, POLL, seen
from infra.local.stack_file import StackFile
from infra.local.stories import (
    Accept,
    Admin,
    After,
    AnyStep,
    Click,
    Contract,
    File,
    Form,
    Look,
    Mail,
    Partner,
    Poll,
    Reply,
    Step,
    Stop,
    Story,
    Travel,
    step_faults,
)
from infra.local.travel import TravelFailed, travel
from leadloop.cli.partner import Place, add
from leadloop.content.links import TOUCH
from leadloop.edge.clock import pause
from leadloop.edge.received_mail import NOBODY, REPLIES
from leadloop.intake.envelope import submission_id
from leadloop.intake.policy import FormSource
from leadloop.model.due import Due
from leadloop.model.lead import TimerKind
from leadloop.playbook.compiled import Compiled
from leadloop.store.keys import Keys
from leadloop.store.table import DynamoTable

SIDE_BY_SIDE = 3
LINK = re.compile(r"https?://\S+?(/[tuoad]/[\w.~-]+)")
JSON = {"Content-Type": "application/json"}
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Told:
    """How a story went; `faults` are those of the first step that did not come out."""

    story: Story
    actual: Actual
    faults: tuple[str, ...]


class Missing(Exception):
    """What a step needs is not there: a mail with that text, a timer of that kind."""


class Surroundings:
    """What all tellers share."""

    def __init__(self, stack: StackFile, aws: Aws, playbook: Compiled) -> None:
        self.stack, self.aws, self.playbook = stack, aws, playbook
        self.client = Client(stack)
        # Timers and partners are found without the pepper that hides people.
        self.table = DynamoTable(aws.dynamodb, stack.table, Keys(b""), pause)


def tell(every: Sequence[Story], around: Surroundings) -> Iterator[Told]:
    """Each to its end or its first surprise, in the order given."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        yield from pool.map(lambda story: Teller(story, around).tell(), every)


class Teller:
    """One person's story; remembers what the next step needs of the last."""

    def __init__(self, story: Story, around: Surroundings) -> None:
        self._story = story
        self._around = around
        self._client = around.client
        self._keys = dict(around.stack.partners)
        self._answer: Answer | None = None
        self._sent = b""
        self._submission: str | None = None
        self._lead: str | None = None
        self._owner: str | None = None
        self._before: str | None = None  # who had it before that

    def tell(self) -> Told:
        after = After(actual=Actual())
        for number, step in enumerate(self._story.steps, 1):
            after, faults = self._done(step)
            if faults:
                said = tuple(f"step {number}: {fault}" for fault in faults)
                return Told(self._story, after.actual, said)
        return Told(self._story, after.actual, ())

    def _done(self, step: Step) -> tuple[After, tuple[str, ...]]:
        self._answer, owner = None, self._owner
        try:
            self._do(step)
        except (Missing, TravelFailed, file_imports.NotImported) as missing:
            return After(actual=Actual()), (str(missing),)
        deadline = time.monotonic() + OUTCOME_LIMIT
        while True:
            after = self._look(step, owner)
            faults = step_faults(step.expect, after)
            final = any(fault.startswith(("status", "the answer")) for fault in faults)
            if not faults or final or time.monotonic() > deadline:
                return after, faults
            time.sleep(POLL)

    def _do(self, step: AnyStep) -> None:
        match step:
            case Form() | Partner() | Mail() | Admin():
                self._send(step)
            case File():
                self._bring(step)
            case Click() | Look() | Stop() | Accept():
                self._follow(step)
            case Reply():
                self._reply(step)
            case Poll():
                self._around.aws.functions.invoke(FunctionName=self._around.stack.feeds)
                self._submission = submission_id(step.poll, step.entry)
            case Travel():
                self._travel(step.travel)
            case Contract():
                self._contract(step)

    def _send(self, step: Form | Partner | Mail | Admin) -> None:
        match step:
            case Form():
                self._form(step)
            case Partner():
                key = {"x-api-key": self._keys[step.partner]}
                self._post("/v1/leads", JSON | key, step.fields)
            case Mail():
                self._mail(step)
            case Admin():
                method, path = step.admin.split()
                self._answer = self._client.admin(method, self._filled(path), **step.fields)
                said = self._answer.json().get("submission_id")
                self._submission = said or self._submission

    def _follow(self, step: Click | Look | Stop | Accept) -> None:
        match step:
            case Click():
                self._click(step.click)
            case Look():
                for path in links_of(self._linked(step.look, "/")[0]):
                    self._answer = self._client.call("GET", path)
            case Stop():
                self._press(step.stop, "/u/", b"List-Unsubscribe=One-Click")
            case Accept():
                self._press(step.accept, "/a/", b"do=accept")

    def _form(self, step: Form) -> None:
        source = self._around.playbook.playbook.sources[step.form]
        origins = source.allowed_origins if isinstance(source, FormSource) else ()
        headers = {"Origin": origins[0]} if origins else {}
        self._post(f"/f/{step.form}", JSON | headers, step.fields)

    def _post(self, path: str, headers: Mapping[str, str], fields: Mapping[str, Any]) -> None:
        self._sent = json.dumps(dict(fields), ensure_ascii=False).encode()
        self._answer = self._client.call("POST", path, headers=headers, body=self._sent)
        self._submission = self._answer.json().get("submission_id", self._submission)

    def _mail(self, step: Mail) -> None:
        self._sent = step.content
        try:
            kept = self._client.send_mail(step.sender, step.mail, step.content)
        except SMTPResponseException as refused:
            self._answer = Answer(refused.smtp_code, {}, b"")
            return
        source = self._around.playbook.mail_source(step.mail)
        self._submission = submission_id(source.id if source else NOBODY, f"in/{kept}")

    def _reply(self, step: Reply) -> None:
        mail, _ = self._linked(step.reply, "/")
        to = parseaddr(str(mail.message["Reply-To"]))[1]
        head = (
            f"From: {mail.recipient}",
            f"To: {to}",
            f"Subject: Re: {mail.message['Subject']}",
            f"In-Reply-To: {mail.message['Message-ID']}",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: 8bit",
        )
        quoted = [f"> {line}" for line in mail.text.splitlines()]
        self._sent = "\r\n".join((*head, "", step.said, "", *quoted, "")).encode()
        kept = self._client.send_mail(mail.recipient, to, self._sent)
        self._submission = submission_id(REPLIES, f"in/{kept}")

    def _travel(self, kind: TimerKind) -> None:
        def chosen(due: Due) -> bool:
            return due.lead_id == self._lead and due.timer is kind

        machines, machine = self._around.aws.stepfunctions, self._around.stack.state_machines
        deadline = time.monotonic() + OUTCOME_LIMIT
        while not travel(self._around.table, machines, machine["journey"], chosen):
            if time.monotonic() > deadline:
                raise Missing(f"the lead waits for no {kind}")
            time.sleep(POLL)

    def _bring(self, step: File) -> None:
        data = step.rows.encode()
        if step.through is not None:
            self._answer, import_id = file_imports.bring_as(self._client, step.through, data)
        else:
            meaning = dict(step.meaning)
            self._answer, import_id = file_imports.bring(self._client, step.file, data, meaning)
        self._submission = file_imports.first_row(self._client, import_id) or self._submission

    def _click(self, text: str) -> None:
        """As a browser does: the redirect, then the landing page's script."""
        _, path = self._linked(text, "/t/")
        landing = urlsplit(self._client.call("GET", path).headers.get("location", ""))
        token = parse_qs(landing.query).get(TOUCH, [""])[0]
        body = json.dumps({"token": token}).encode()
        self._answer = self._client.call("POST", "/b", headers=JSON, body=body)

    def _press(self, text: str, kind: str, body: bytes) -> None:
        """The page is opened first, which must change nothing."""
        _, path = self._linked(text, kind)
        self._client.call("GET", path)
        self._answer = self._client.call("POST", path, headers=URLENCODED, body=body)

    def _contract(self, step: Contract) -> None:
        gateway = self._around.aws.apigateway
        usual = gateway.get_usage_plan(usagePlanId=self._around.stack.usage_plan)
        own = gateway.create_usage_plan(
            name=step.contract,
            apiStages=usual["apiStages"],
            throttle={"rateLimit": 1 / step.every, "burstLimit": step.burst},
        )
        place = Place(gateway, own["id"], self._around.table)
        key = add(step.contract, step.source, place, self._around.playbook.playbook)
        self._keys[step.contract] = key

    def _linked(self, text: str, kind: str) -> tuple[SentMail, str]:
        """The newest mail about the lead that contains the text, and its link of that kind."""
        wanted = self._filled(text)
        deadline = time.monotonic() + OUTCOME_LIMIT
        while True:
            for mail in reversed(self._mails()):
                found = [path for path in links_of(mail) if path.startswith(kind)]
                if found and wanted in text_of(mail):
                    return mail, found[0]
            if time.monotonic() > deadline:
                raise Missing(f"no mail contains “{wanted}” and a link {kind}")
            time.sleep(POLL)

    def _mails(self) -> list[SentMail]:
        sent = self._client.mails()
        return [mail for mail in sent if mail.message["X-Leadloop-Lead"] == self._lead]

    def _look(self, step: Step, owner: str | None) -> After:
        said, expected = self._answer, step.expect
        actual = Actual(status=said.status, answer=said.text) if said else Actual()
        submission = self._client.submission(self._submission) if self._submission else None
        if submission is not None:
            self._lead = submission.lead_id or self._lead
        lead = self._client.lead(self._lead) if self._lead else None
        if submission is not None:
            actual = seen(actual, submission, lead)
        if (now := _owner_of(lead)) != self._owner:
            self._owner, self._before = now, self._owner
        to = self._filled(expected.mail_to or "")
        mails = tuple(text_of(mail) for mail in self._mails() if mail.recipient == to)
        return After(
            actual=actual.but(mails=mails),
            cycle=lead.lead.cycle if lead else None,
            enrolled=lead.lead.enrolment is not None if lead else None,
            opportunities=tuple(o.state for o in lead.lead.opportunities) if lead else None,
            owner_changed=self._owner != owner,
            happened=self._client.story(self._lead or "") if expected.happened else (),
            content_type=said.headers.get("content-type") if said else None,
            raw_kept=expected.raw_kept and self._raw_is_kept(),
        )

    def _raw_is_kept(self) -> bool:
        """What was sent; of a mail, below the headers that the receiving server put on top."""
        kept = self._client.raw(self._submission or "")
        return kept is not None and kept.endswith(self._sent)

    def _filled(self, text: str) -> str:
        known = {
            "lead": self._lead,
            "submission": self._submission,
            "owner": self._owner,
            "before": self._before,
        }
        for name, value in known.items():
            text = text.replace(f"{{{name}}}", value or "")
        return text


def text_of(mail: SentMail) -> str:
    """What a person sees of it."""
    return f"To: {mail.recipient}\n{mail.message['Subject']}\n{mail.text}"


def links_of(mail: SentMail) -> list[str]:
    """Paths of our own links: those to press, the picture, and what mail programs post to."""
    texts = [part for part in mail.message.walk() if part.get_content_maintype() == "text"]
    said = [str(part.get_content()) for part in texts]
    found = LINK.findall("\n".join([*said, str(mail.message["List-Unsubscribe"] or "")]))
    return list(dict.fromkeys(found))


def _owner_of(lead: LeadSeen | None) -> str | None:
    return lead.lead.assignment.rep if lead and lead.lead.assignment else None
