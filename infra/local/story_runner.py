"""Runs the stories of `events/stories` in the running system, several people side by side."""

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
from infra.local.client import ApiResponse, Client, LeadJson
from infra.local.expectations import Observation
from infra.local.samples import OUTCOME_LIMIT, POLL, observe_outcome
from infra.local.stack_file import StackFile
from infra.local.stories import (
    AcceptStep,
    AdminStep,
    AnyStoryStep,
    ClickStep,
    ContractStep,
    FileStep,
    FormStep,
    MailStep,
    OpenLinksStep,
    PartnerStep,
    PollStep,
    ReplyStep,
    StepObservation,
    Story,
    StoryStep,
    TravelStep,
    UnsubscribeStep,
    compare_step,
)
from infra.local.travel import TravelFailed, fire_timers
from leadloop.cli.partner import PartnerRegistry, add_partner
from leadloop.cli.sent_mails import SentMail
from leadloop.content.links import TOUCH_PARAMETER
from leadloop.edge.clock import pause
from leadloop.edge.received_mail import REPLY_SOURCE, UNKNOWN_SOURCE
from leadloop.intake.envelope import submission_id
from leadloop.intake.policy import FormSource
from leadloop.model.due import Due
from leadloop.model.lead import TimerKind
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.store.dynamodb import DynamoTable
from leadloop.store.keys import NO_PEPPER, Keys

PARALLEL_STORIES = 3
LINK = re.compile(r"https?://\S+?(/[tuocad]/[\w.~-]+)")
JSON = {"Content-Type": "application/json"}
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class StoryResult:
    """The end of a story; `faults` are those of the first step that is not as expected."""

    story: Story
    actual: Observation
    faults: tuple[str, ...]


class StepFailed(Exception):
    """Something that a step needs is missing: a mail with that text, a timer of that kind."""


class StoryContext:
    """The system and its playbook, shared by all runners."""

    def __init__(self, stack: StackFile, aws: Aws, playbook: CompiledPlaybook) -> None:
        self.stack, self.aws, self.playbook = stack, aws, playbook
        self.client = Client(stack)
        # Timers and partners are found without the pepper that hides people.
        self.table = DynamoTable(aws.dynamodb, stack.table, Keys(NO_PEPPER), pause)


def run_stories(all_stories: Sequence[Story], context: StoryContext) -> Iterator[StoryResult]:
    """The results of all stories, in the order given; each ends at its first fault."""
    with ThreadPoolExecutor(PARALLEL_STORIES) as pool:
        yield from pool.map(lambda story: StoryRunner(story, context).run(), all_stories)


class StoryRunner:
    """Runs one person's story; keeps what the next step needs of the last."""

    def __init__(self, story: Story, context: StoryContext) -> None:
        self._story = story
        self._context = context
        self._client = context.client
        self._keys = dict(context.stack.partners)
        self._response: ApiResponse | None = None
        self._sent_bytes = b""
        self._submission: str | None = None
        self._lead: str | None = None
        self._owner: str | None = None
        self._previous_owner: str | None = None

    def run(self) -> StoryResult:
        """Run all steps, or up to the first that is not as expected."""
        after = StepObservation(actual=Observation())
        for number, step in enumerate(self._story.steps, 1):
            after, faults = self._run_step(step)
            if faults:
                numbered = tuple(f"step {number}: {fault}" for fault in faults)
                return StoryResult(self._story, after.actual, numbered)
        return StoryResult(self._story, after.actual, ())

    def _run_step(self, step: StoryStep) -> tuple[StepObservation, tuple[str, ...]]:
        self._response, owner = None, self._owner
        try:
            self._perform(step)
        except (StepFailed, TravelFailed, file_imports.ImportFailed) as missing:
            return StepObservation(actual=Observation()), (str(missing),)
        deadline = time.monotonic() + OUTCOME_LIMIT
        while True:
            after = self._observe(step, owner)
            faults = compare_step(step.expect, after)
            final = any(fault.startswith(("status", "the answer")) for fault in faults)
            if not faults or final or time.monotonic() > deadline:
                return after, faults
            time.sleep(POLL)

    def _perform(self, step: AnyStoryStep) -> None:
        match step:
            case FormStep() | PartnerStep() | MailStep() | AdminStep():
                self._send(step)
            case FileStep():
                self._import_file(step)
            case ClickStep() | OpenLinksStep() | UnsubscribeStep() | AcceptStep():
                self._follow(step)
            case ReplyStep():
                self._reply(step)
            case PollStep():
                self._context.aws.functions.invoke(FunctionName=self._context.stack.feeds)
                self._submission = submission_id(step.poll, step.entry)
            case TravelStep():
                self._travel(step.travel)
            case ContractStep():
                self._contract(step)

    def _send(self, step: FormStep | PartnerStep | MailStep | AdminStep) -> None:
        match step:
            case FormStep():
                self._form(step)
            case PartnerStep():
                key = {"x-api-key": self._keys[step.partner]}
                self._post("/v1/leads", JSON | key, step.fields)
            case MailStep():
                self._mail(step)
            case AdminStep():
                method, path = step.admin.split()
                self._response = self._client.admin(
                    method, self._fill_placeholders(path), **step.fields
                )
                submission = self._response.json().get("submission_id")
                self._submission = submission or self._submission

    def _follow(self, step: ClickStep | OpenLinksStep | UnsubscribeStep | AcceptStep) -> None:
        match step:
            case ClickStep():
                self._click(step.click)
            case OpenLinksStep():
                for path in mail_links(self._find_mail_link(step.look, "/")[0]):
                    self._response = self._client.call("GET", path)
            case UnsubscribeStep():
                self._submit_page(step.stop, "/u/", b"List-Unsubscribe=One-Click")
            case AcceptStep():
                self._submit_page(step.accept, "/a/", b"do=accept")

    def _form(self, step: FormStep) -> None:
        source = self._context.playbook.playbook.sources[step.form]
        origins = source.allowed_origins if isinstance(source, FormSource) else ()
        headers = {"Origin": origins[0]} if origins else {}
        self._post(f"/f/{step.form}", JSON | headers, step.fields)

    def _post(self, path: str, headers: Mapping[str, str], fields: Mapping[str, Any]) -> None:
        self._sent_bytes = json.dumps(dict(fields), ensure_ascii=False).encode()
        self._response = self._client.call("POST", path, headers=headers, body=self._sent_bytes)
        self._submission = self._response.json().get("submission_id", self._submission)

    def _mail(self, step: MailStep) -> None:
        self._sent_bytes = step.content
        try:
            message_id = self._client.send_mail(step.sender, step.mail, step.content)
        except SMTPResponseException as refused:
            self._response = ApiResponse(refused.smtp_code, {}, b"")
            return
        source = self._context.playbook.mail_source(step.mail)
        self._submission = submission_id(
            source.id if source else UNKNOWN_SOURCE, f"in/{message_id}"
        )

    def _reply(self, step: ReplyStep) -> None:
        mail, _ = self._find_mail_link(step.reply, "/")
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
        self._sent_bytes = "\r\n".join((*head, "", step.said, "", *quoted, "")).encode()
        message_id = self._client.send_mail(mail.recipient, to, self._sent_bytes)
        self._submission = submission_id(REPLY_SOURCE, f"in/{message_id}")

    def _travel(self, kind: TimerKind) -> None:
        def is_chosen(due: Due) -> bool:
            return due.lead_id == self._lead and due.timer is kind

        machines, machine = self._context.aws.stepfunctions, self._context.stack.state_machines
        deadline = time.monotonic() + OUTCOME_LIMIT
        while not fire_timers(self._context.table, machines, machine["journey"], is_chosen):
            if time.monotonic() > deadline:
                raise StepFailed(f"the lead waits for no {kind}")
            time.sleep(POLL)

    def _import_file(self, step: FileStep) -> None:
        data = step.rows.encode()
        if step.through is not None:
            self._response, import_id = file_imports.import_as_partner(
                self._client, step.through, data
            )
        else:
            meaning = dict(step.meaning)
            self._response, import_id = file_imports.import_as_admin(
                self._client, step.file, data, meaning
            )
        self._submission = (
            file_imports.first_row_submission(self._client, import_id) or self._submission
        )

    def _click(self, text: str) -> None:
        """Follow the link as a browser does: the redirect, then the landing page's script."""
        _, path = self._find_mail_link(text, "/t/")
        landing = urlsplit(self._client.call("GET", path).headers.get("location", ""))
        token = parse_qs(landing.query).get(TOUCH_PARAMETER, [""])[0]
        body = json.dumps({"token": token}).encode()
        self._response = self._client.call("POST", "/b", headers=JSON, body=body)

    def _submit_page(self, text: str, kind: str, body: bytes) -> None:
        """Open the page, which must change nothing, and then post its form."""
        _, path = self._find_mail_link(text, kind)
        self._client.call("GET", path)
        self._response = self._client.call("POST", path, headers=URLENCODED, body=body)

    def _contract(self, step: ContractStep) -> None:
        gateway = self._context.aws.apigateway
        usual = gateway.get_usage_plan(usagePlanId=self._context.stack.usage_plan)
        own = gateway.create_usage_plan(
            name=step.contract,
            apiStages=usual["apiStages"],
            throttle={"rateLimit": 1 / step.every, "burstLimit": step.burst},
        )
        registry = PartnerRegistry(gateway, own["id"], self._context.table)
        key = add_partner(step.contract, step.source, registry, self._context.playbook.playbook)
        self._keys[step.contract] = key

    def _find_mail_link(self, text: str, kind: str) -> tuple[SentMail, str]:
        """The newest mail about the lead that contains the text, and its link of that kind."""
        filled = self._fill_placeholders(text)
        deadline = time.monotonic() + OUTCOME_LIMIT
        while True:
            for mail in reversed(self._mails()):
                links = [path for path in mail_links(mail) if path.startswith(kind)]
                if links and filled in mail_text(mail):
                    return mail, links[0]
            if time.monotonic() > deadline:
                raise StepFailed(f"no mail contains “{filled}” and a link {kind}")
            time.sleep(POLL)

    def _mails(self) -> list[SentMail]:
        sent = self._client.mails()
        return [mail for mail in sent if mail.message["X-Leadloop-Lead"] == self._lead]

    def _observe(self, step: StoryStep, owner: str | None) -> StepObservation:
        response, expected = self._response, step.expect
        actual = Observation()
        if response is not None:
            actual = Observation(status=response.status, answer=response.text)
        submission = self._client.submission(self._submission) if self._submission else None
        if submission is not None:
            self._lead = submission.lead_id or self._lead
        lead = self._client.lead(self._lead) if self._lead else None
        if submission is not None:
            actual = observe_outcome(actual, submission, lead)
        if (new_owner := _lead_owner(lead)) != self._owner:
            self._owner, self._previous_owner = new_owner, self._owner
        to = self._fill_placeholders(expected.mail_to or "")
        mails = tuple(mail_text(mail) for mail in self._mails() if mail.recipient == to)
        return StepObservation(
            actual=actual.but(mails=mails),
            cycle=lead.lead.cycle if lead else None,
            enrolled=bool(lead.lead.enrolments) if lead else None,
            opportunities=tuple(o.state for o in lead.lead.opportunities) if lead else None,
            owner_changed=self._owner != owner,
            happened=self._client.event_names(self._lead or "") if expected.happened else (),
            content_type=response.headers.get("content-type") if response else None,
            raw_kept=expected.raw_kept and self._raw_is_stored(),
        )

    def _raw_is_stored(self) -> bool:
        """Is the stored body what was sent? A mail has the receiving server's headers on top."""
        stored = self._client.raw_body(self._submission or "")
        return stored is not None and stored.endswith(self._sent_bytes)

    def _fill_placeholders(self, text: str) -> str:
        values = {
            "lead": self._lead,
            "submission": self._submission,
            "owner": self._owner,
            "before": self._previous_owner,
        }
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", value or "")
        return text


def mail_text(mail: SentMail) -> str:
    """Receiver, subject and text, as a person sees them."""
    return f"To: {mail.recipient}\n{mail.message['Subject']}\n{mail.text}"


def mail_links(mail: SentMail) -> list[str]:
    """The paths of our own links: to click, of the picture, and that mail programs post to."""
    texts = [part for part in mail.message.walk() if part.get_content_maintype() == "text"]
    contents = [str(part.get_content()) for part in texts]
    paths = LINK.findall("\n".join([*contents, str(mail.message["List-Unsubscribe"] or "")]))
    return list(dict.fromkeys(paths))


def _lead_owner(lead: LeadJson | None) -> str | None:
    return lead.lead.assignment.rep if lead and lead.lead.assignment else None
