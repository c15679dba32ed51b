"""Every sample of the public doors, through the handlers, against what stands beside it.

The laptop run sends the same files through the real doors and expects the same.
"""

import email
import email.policy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from pytest_socket import enable_socket, socket_allow_hosts

from capture.handler import handler as capture
from deliver.handler import handler as deliver
from infra.local import vendor_keys
from infra.local.expectations import Expectation, Observation, compare_result, read_expectation
from infra.local.fake_vendors import serve_fake_vendors
from infra.local.mail import add_ses_headers
from infra.local.ports import HOST
from infra.local.samples import Sample, group_into_waves
from leadloop.edge.received_mail import UNKNOWN_SOURCE
from leadloop.intake.envelope import submission_id
from leadloop.model.base import Reason
from leadloop.model.delivery import DeliveryState
from leadloop.model.lead import RecordRef
from leadloop.playbook.load import load_playbook
from leadloop.settings import HookSettings, VendorSettings
from leadloop.store import queries
from mail_in.handler import handler as mail_in
from qualify.handler import handler as qualify
from tests.functions.aws_fixture import (
    REGION,
    AwsFixture,
    batch_failures,
    open_aws_fixture,
    reset_caches,
    sqs_event,
)
from tests.lambda_context import FakeLambdaContext

ROOT = Path(__file__).parents[2]
FOREIGN = ("admin", "partners")
ACME = load_playbook(ROOT / "shared" / "playbooks" / "acme")


def samples() -> list[Sample]:
    paths = [*ROOT.glob("events/capture/*.json"), *ROOT.glob("events/mail_in/*.eml")]
    return [
        Sample(f"{path.parent.name}/{path.stem}", path, _ours(read_expectation(path)))
        for path in sorted(paths)
    ]


def _ours(expected: Expectation) -> Expectation:
    """What comes after another function's sample is compared at the door only."""
    if expected.after is None or expected.after.partition("/")[0] not in FOREIGN:
        return expected
    return Expectation(status=expected.status, answer_contains=expected.answer_contains)


SAMPLES = samples()


class Became:
    """All samples sent in waves into one house; what became of each, by name."""

    def __init__(self, home: AwsFixture, context: LambdaContext) -> None:
        self._home, self._context = home, context
        self.answers: dict[str, str] = {}
        self.actual: dict[str, Observation] = {}
        for wave in group_into_waves(SAMPLES):
            ids = {sample.name: self._send(sample) for sample in wave}
            bodies = [json.dumps(message) for message in home.receive_messages("submissions")]
            for body in bodies:
                assert qualify(sqs_event(body), context) == batch_failures()
            for sample in wave:
                self._look(sample, ids[sample.name])

    def _send(self, sample: Sample) -> str | None:
        raw = sample.path.read_bytes()
        if sample.path.suffix == ".eml":
            return self._receive(sample, raw)
        event = json.loads(raw)
        answer = capture(event, self._context)
        body = answer["body"] or ""
        self.answers[sample.name] = body
        self.actual[sample.name] = Observation(status=answer["statusCode"], answer=body)
        if answer["statusCode"] == 303:
            return submission_id(event["path"].rpartition("/")[2], f"page-{sample.path.stem}")
        if answer["statusCode"] == 202:
            return str(json.loads(answer["body"])["submission_id"])
        return None

    def _receive(self, sample: Sample, raw: bytes) -> str | None:
        to = str(email.message_from_bytes(raw, policy=email.policy.default)["To"])
        if to.rpartition("@")[2] != ACME.company.drop_domain:
            self.actual[sample.name] = Observation(status=550)
            return None
        key = f"in/{sample.path.stem}"
        body = add_ses_headers(
            raw,
            sender="leads@vendor.example",
            recipient=to,
            message_id=sample.path.stem,
            now=datetime.now(UTC),
        )
        self._home.aws.s3.put_object(Bucket="raw", Key=key, Body=body)
        notice = {"Records": [{"s3": {"bucket": {"name": "raw"}, "object": {"key": key}}}]}
        assert mail_in(sqs_event(json.dumps(notice)), self._context) == batch_failures()
        self.actual[sample.name] = Observation(status=250)
        sources = {s.address: s.id for s in ACME.sources.values() if s.kind == "mail"}
        return submission_id(sources.get(to.partition("@")[0], UNKNOWN_SOURCE), key)

    def _look(self, sample: Sample, submission: str | None) -> None:
        record = self._home.read_entity(RecordRef(submission)) if submission else None
        if record is None:
            return
        founding = self._home.read_entity(RecordRef(record.lead_id)) if record.lead_id else None
        known = self.actual[sample.name].but(
            outcome=record.outcome.value, reasons=tuple(self._reasons(record, founding))
        )
        if founding is not None:
            lead = founding.lead
            known = known.but(
                rating=lead.rating.value,
                stage=lead.stage.value,
                pool=lead.assignment.pool if lead.assignment else None,
                owner=lead.assignment.rep if lead.assignment else None,
                contact=founding.person.contact.model_dump(exclude_none=True),
                mails=tuple(self._mails(founding.id, sample.expected.mail_to)),
            )
        self.actual[sample.name] = known

    def _reasons(self, record: Any, founding: Any) -> Iterator[str]:
        said: list[Reason] = [*record.reasons, *record.why_not]
        if founding is not None:
            said += [*founding.reasons, *founding.why_not]
            yield from (f"{points.rule}: {points.reason}" for points in founding.lead.score.points)
        yield from (f"{reason.code}: {reason.text}" for reason in said)

    def _mails(self, lead_id: str, to: str | None) -> Iterator[str]:
        for waiting in queries.deliveries(self._home.table, lead_id, 10).rows:
            if waiting.state is DeliveryState.READY:
                ready = {"lead_id": lead_id, "delivery_id": waiting.id}
                assert deliver(sqs_event(json.dumps(ready)), self._context) == batch_failures()
        for sent in ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages:
            mail = email.message_from_string(
                sent.raw_data,
                policy=email.policy.default,
            )
            body = mail.get_body(("plain",))
            if mail["X-Leadloop-Lead"] == lead_id and to and to in str(mail["To"]) and body:
                yield f"{mail['Subject']}\n{body.get_content()}"


@pytest.fixture(scope="module")
def became() -> Iterator[Became]:
    enable_socket()  # the vendors that are asked are a server of this machine
    socket_allow_hosts([HOST], allow_unix_socket=True)
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        open_aws_fixture(monkeypatch) as home,
        serve_fake_vendors() as vendors,
    ):
        monkeypatch.setenv("OUTBOUND_GATEWAY", vendors)
        prefixes = HookSettings.from_env().HOOK_SECRETS, VendorSettings.from_env().VENDOR_SECRETS
        vendor_keys.store(home.aws.secretsmanager, hooks=prefixes[0], vendors=prefixes[1])
        home.publish(ACME)
        home.aws.ses.verify_domain_identity(Domain="acme-flow.example")
        reset_caches()
        yield Became(home, FakeLambdaContext())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_becomes_what_stands_beside_it(sample: Sample, became: Became) -> None:
    assert compare_result(sample.expected, became.actual[sample.name]) == ()


@pytest.mark.parametrize(
    "sample", [s for s in SAMPLES if s.expected.same_answer], ids=lambda sample: sample.name
)
def test_the_same_again_is_answered_byte_for_byte_alike(sample: Sample, became: Became) -> None:
    assert sample.after is not None
    assert became.answers[sample.name] == became.answers[sample.after]
