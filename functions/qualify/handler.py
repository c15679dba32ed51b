"""The queue of submissions → leads: every envelope is read, and the whole batch decided at once."""

from leadloop.edge.cold_start import ready  # isort: split

from collections import Counter
from collections.abc import Sequence

from leadloop.act import Failure
from leadloop.edge import batches, provider_checks, raw_bodies
from leadloop.edge.act import act
from leadloop.edge.live_playbook import playbook
from leadloop.edge.telemetry import tell
from leadloop.edge.wiring import wired
from leadloop.intake.envelope import Envelope
from leadloop.intake.read import Unreadable, read, read_nobodys, unreadable
from leadloop.model.base import Reason
from leadloop.model.decision import Outcome, Postponed, Verdict
from leadloop.model.submission import Channel, Submission


@ready
def handler(event: batches.Event, _context: object) -> batches.Answer:
    batch = batches.messages(event)
    answer, results = batches.fold(batch, "Reading an envelope", _submissions, _decided, _failed)
    outcomes = Counter(str(result.outcome) for result in results if isinstance(result, Verdict))
    tell("Qualified", {f"Submission{name.title()}": count for name, count in outcomes.items()})
    return answer


def _submissions(message: batches.Message) -> tuple[Submission, ...]:
    """Who cannot be read is a submission too, and goes to quarantine with its bytes."""
    envelope = Envelope.model_validate_json(message.body)
    wiring = wired()
    source = playbook().playbook.sources.get(envelope.source)
    if source is None:
        reason = Reason(code="unknown_source", text=f"“{envelope.source}” is no source of ours")
        found: tuple[Submission, ...] | Unreadable = _nobodys(envelope, reason)
    else:
        found = read(envelope, raw_bodies.body(wiring.s3, envelope.raw), source)
    submissions = (found.submission,) if isinstance(found, Unreadable) else found
    return tuple(raw_bodies.keep(wiring.s3, wiring.raw_bucket, each) for each in submissions)


def _decided(submissions: Sequence[Submission]) -> list[Outcome | Failure]:
    return act(submissions, ask=provider_checks.ask)


def _nobodys(envelope: Envelope, why: Reason) -> tuple[Submission, ...] | Unreadable:
    if envelope.channel is not Channel.MAIL:
        return unreadable(envelope, (why,))
    return (read_nobodys(envelope, raw_bodies.body(wired().s3, envelope.raw), why),)


def _failed(result: object) -> bool:
    return isinstance(result, Failure | Postponed)
