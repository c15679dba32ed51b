"""A form with a captcha: a provider's word is a fact, its silence another, and nobody is lost."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from leadloop.act import act
from leadloop.intake.captchas import CAPTCHAS
from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.forms.read import check_form
from leadloop.intake.policy import FormSource
from leadloop.intake.public_sources import CaptchaRow
from leadloop.model.decision import Verdict
from leadloop.model.provider_check import CheckRef, ProviderAnswer, ProviderFailure
from leadloop.model.submission import Channel, Submission
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.playbook.versions import stamp_version
from tests.stories.world import World, compile_acme

ROW = CaptchaRow(provider="turnstile", site_key="public", secret="turnstile-key")
FORM = "machines-quote"


@pytest.fixture
def world() -> World:
    sample = compile_acme().playbook
    form = sample.sources[FORM].but(captcha=ROW)
    return World(
        playbook=CompiledPlaybook(stamp_version(sample.but(sources={**sample.sources, FORM: form})))
    )


@dataclass
class Provider:
    """Says this of every token; nothing while it is down."""

    says: Mapping[str, object] | None
    asked: list[CheckRef] = field(default_factory=list)

    def judge(self, world: World, submission: Submission) -> Verdict:
        def ask(refs: Sequence[CheckRef]) -> Mapping[CheckRef, ProviderAnswer | ProviderFailure]:
            self.asked += refs
            return {ref: self._one(world, ref) for ref in refs}

        (verdict,) = act(
            [submission],
            table=world.table,
            playbook=world.playbook,
            clock=lambda: world.now,
            pause=lambda _: None,
            ask=ask,
        )
        assert isinstance(verdict, Verdict)
        return verdict

    def _one(self, world: World, ref: CheckRef) -> ProviderAnswer | ProviderFailure:
        if self.says is None:
            why = "no answer: ReadTimeoutError"
            return ProviderFailure(provider=ref.provider, at=world.now, why=why, passing=True)
        return ProviderAnswer(
            provider=ref.provider, at=world.now, body=json.dumps(self.says).encode()
        )


def posted(world: World, token: str | None) -> Submission:
    fields = {"email": "ada@lovelace.example", "company": "Nordwerk", "consent": "on"}
    if token is not None:
        fields[CAPTCHAS["turnstile"].field] = token
    body = json.dumps(fields).encode()
    envelope = Envelope(
        id=submission_id(FORM, "page-1"),
        source=FORM,
        channel=Channel.FORM,
        received_at=world.now,
        sha256=sha256(body),
        size=len(body),
        body=body,
    )
    source = world.playbook.source(FORM)
    assert isinstance(source, FormSource)
    return check_form(envelope, body, source)


def touched(world: World, submission: Submission) -> str | None:
    touch = world.lead(submission.id).first_touch
    return touch.captcha if touch else None


def test_who_passed_is_a_lead_and_the_providers_word_is_kept(world: World) -> None:
    sent, provider = posted(world, "token"), Provider({"success": True})
    assert provider.judge(world, sent).outcome == "lead"
    assert provider.asked == [CheckRef("turnstile", FORM, "token")]
    assert touched(world, sent) == "passed"
    assert [each.provider for each in world.record(sent.id).checks] == ["turnstile"]


@pytest.mark.parametrize(
    ("token", "code"), [("made up", "captcha_failed"), (None, "captcha_missing")]
)
def test_who_failed_or_never_saw_it_waits_for_a_person(
    world: World, token: str | None, code: str
) -> None:
    provider = Provider({"success": False, "error-codes": ["invalid-input-response"]})
    verdict = provider.judge(world, posted(world, token))
    assert (verdict.outcome, verdict.reasons[0].code) == ("quarantined", code)


@pytest.mark.parametrize(
    "says", [None, {"success": False, "error-codes": ["timeout-or-duplicate"]}]
)
def test_a_provider_that_does_not_judge_holds_up_nobody(
    world: World, says: Mapping[str, object] | None
) -> None:
    sent = posted(world, "token")
    assert Provider(says).judge(world, sent).outcome == "lead"
    assert touched(world, sent) == "unanswered"


def test_a_message_that_comes_twice_spends_no_second_look(world: World) -> None:
    sent, provider = posted(world, "token"), Provider({"success": True})
    first, second = provider.judge(world, sent), provider.judge(world, sent)
    assert (second.outcome, second.repeated) == (first.outcome, True)
    assert len(provider.asked) == 1


def test_a_form_without_one_asks_nobody(world: World) -> None:
    sent, provider = posted(world, "token").but(captcha=None), Provider(None)
    assert provider.judge(world, sent).outcome == "lead"
    assert provider.asked == []
