"""The queue of submissions → leads: each envelope is read, and the whole batch decided at once."""

from leadloop.edge.cold_start import freeze_gc  # isort: split

from collections import Counter
from collections.abc import Sequence

from leadloop.act import Failure
from leadloop.edge import batches, provider_checks, raw_bodies
from leadloop.edge.act import act
from leadloop.edge.live_playbook import playbook
from leadloop.edge.telemetry import log_call
from leadloop.edge.wiring import get_wiring
from leadloop.intake.envelope import Envelope
from leadloop.intake.read import (
    UnreadableEnvelope,
    build_unreadable,
    read_envelope,
    read_sourceless_mail,
)
from leadloop.model.base import Reason
from leadloop.model.decision import Outcome, Postponed, Verdict
from leadloop.model.submission import Channel, Submission


@freeze_gc
def handler(event: batches.LambdaEvent, _context: object) -> batches.BatchResponse:
    batch = batches.messages(event)
    answer, results = batches.process_batch(
        batch, "Reading an envelope", _submissions, _decide, _is_failure
    )
    outcomes = Counter(str(result.outcome) for result in results if isinstance(result, Verdict))
    log_call("Qualified", {f"Submission{name.title()}": count for name, count in outcomes.items()})
    return answer


def _submissions(message: batches.QueueMessage) -> tuple[Submission, ...]:
    """The submissions of an envelope; an unreadable one is one too, and goes to quarantine."""
    envelope = Envelope.model_validate_json(message.body)
    wiring = get_wiring()
    source = playbook().playbook.sources.get(envelope.source)
    if source is None:
        reason = Reason(code="unknown_source", text=f"“{envelope.source}” is no source of ours")
        result: tuple[Submission, ...] | UnreadableEnvelope = _read_without_source(envelope, reason)
    else:
        result = read_envelope(envelope, raw_bodies.read_body(wiring.s3, envelope.raw), source)
    submissions = (result.submission,) if isinstance(result, UnreadableEnvelope) else result
    return tuple(
        raw_bodies.store_large_body(wiring.s3, wiring.raw_bucket, each) for each in submissions
    )


def _decide(submissions: Sequence[Submission]) -> list[Outcome | Failure]:
    return act(submissions, ask=provider_checks.ask_providers)


def _read_without_source(
    envelope: Envelope, why: Reason
) -> tuple[Submission, ...] | UnreadableEnvelope:
    if envelope.channel is not Channel.MAIL:
        return build_unreadable(envelope, (why,))
    return (
        read_sourceless_mail(envelope, raw_bodies.read_body(get_wiring().s3, envelope.raw), why),
    )


def _is_failure(result: object) -> bool:
    return isinstance(result, Failure | Postponed)
