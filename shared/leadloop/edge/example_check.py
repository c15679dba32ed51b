"""Checks a playbook on its own examples: decides them as the product does, on a table in memory."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from leadloop.act import Failure, act
from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.files.columns import map_columns
from leadloop.intake.files.rows import build_file_row
from leadloop.intake.policy import (
    DeskSource,
    FeedSource,
    FileSource,
    FormSource,
    MailSource,
    PartnerSource,
    Source,
)
from leadloop.intake.read import read_or_raise
from leadloop.intake.tables.model import Row
from leadloop.model.base import Reason
from leadloop.model.command import Accept, Action, Actor, Command, Convert, Disqualify, Win
from leadloop.model.decision import Outcome, Verdict
from leadloop.model.errors import FieldsInvalid, PlaybookInvalid, Unreadable
from leadloop.model.events.sales import OwnerChanged
from leadloop.model.events.stored_event import read_details
from leadloop.model.stored_lead import StoredLead
from leadloop.model.submission import Channel
from leadloop.model.trigger import Trigger
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.playbook.examples import (
    Example,
    ExpectedOutcome,
    MeanwhileAction,
    load_examples,
)
from leadloop.playbook.load import load_playbook
from leadloop.playbook.model import Playbook
from leadloop.store.leads import read_lead
from leadloop.store.memory_table import MemoryTable

CHANNELS: Mapping[type, Channel] = {
    FormSource: Channel.FORM,
    PartnerSource: Channel.PARTNER,
    MailSource: Channel.MAIL,
    FileSource: Channel.FILE,
    FeedSource: Channel.FEED,
    DeskSource: Channel.DESK,
}
MEANWHILE_ACTIONS: Mapping[MeanwhileAction, Action] = {
    "accept": Accept(),
    "convert": Convert(),
    "win": Win(value=100_000, currency="EUR"),
    "disqualify": Disqualify(reason="no_fit"),
}
REFUSED_OUTCOME = "refused"  # the door refused it, nothing was decided


class ExampleOutcome(NamedTuple):
    """What an example became; `reasons` have their codes, and say why others did not get it.

    `stored` is the lead that it founded or was merged into.
    """

    outcome: str
    rating: str = ""
    score: int | None = None
    stage: str = ""
    pool: str = ""
    owner: str = ""
    reasons: tuple[str, ...] = ()
    stored: StoredLead | None = None


class ExampleResult(NamedTuple):
    """An example and its outcome; `faults` say where that is not what was expected."""

    case: str
    example: Example
    outcome: ExampleOutcome
    faults: tuple[str, ...]


def check_examples(book: CompiledPlaybook, cases: Mapping[str, Example]) -> Iterator[ExampleResult]:
    """The result of every case; each is decided on a table of its own."""
    for case, example in cases.items():
        outcome = _Trial(book, cases).decide(case)
        yield ExampleResult(case, example, outcome, tuple(_differences(example.expect, outcome)))


def load_checked_playbook(folder: Path) -> Playbook:
    """The playbook in `folder`, if all its examples become what they expect.

    Raises:
        PlaybookInvalid: it cannot be loaded, or it names each example that became something else.

    """
    playbook = load_playbook(folder)
    results = check_examples(CompiledPlaybook(playbook), load_examples(folder))
    faults = tuple(
        f"examples/{result.case}.yaml:1: {fault}" for result in results for fault in result.faults
    )
    if faults:
        raise PlaybookInvalid(faults)
    return playbook


class _Trial:
    """One table, and the cases decided on it."""

    def __init__(self, book: CompiledPlaybook, cases: Mapping[str, Example]) -> None:
        self._book, self._cases = book, cases
        self._table = MemoryTable()

    def decide(self, case: str) -> ExampleOutcome:
        """The outcome of a case, after the cases that it names by `after`."""
        example = self._cases[case]
        if example.after is not None:
            self.decide(example.after)
            self._apply_meanwhile(example)
        source = self._book.playbook.sources.get(example.source)
        if source is None:
            return ExampleOutcome(
                REFUSED_OUTCOME, reasons=(f"there is no source {example.source}",)
            )
        envelope = _envelope(case, example, source)
        try:
            submissions = read_or_raise(envelope, envelope.body or b"", source)
        except FieldsInvalid as error:
            return ExampleOutcome(REFUSED_OUTCOME, reasons=_reason_texts(error.reasons))
        except Unreadable as error:
            return ExampleOutcome(REFUSED_OUTCOME, reasons=(str(error),))
        outcome = self._act(submissions[0], example.at)
        if not isinstance(outcome, Verdict):
            raise TypeError(f"a submission became {outcome}")
        stored = read_lead(self._table, outcome.lead_id) if outcome.lead_id else None
        return _example_outcome(outcome, stored)

    def _apply_meanwhile(self, example: Example) -> None:
        before = self._cases[example.after or ""]
        lead_id = submission_id(before.source, example.after or "")
        for n, deed in enumerate(example.meanwhile):
            stored = read_lead(self._table, lead_id)
            assignment = stored.lead.assignment if stored else None
            self._act(
                Command(
                    id=f"{example.after}-{n}",
                    actor=Actor(id=(assignment and assignment.rep) or "manager", role="manager"),
                    lead_id=lead_id,
                    at=before.at + timedelta(minutes=n + 1),
                    action=MEANWHILE_ACTIONS[deed],
                ),
                before.at + timedelta(minutes=n + 1),
            )

    def _act(self, trigger: Trigger, at: datetime) -> Outcome:
        (result,) = act(
            [trigger],
            table=self._table,
            playbook=self._book,
            clock=lambda: at,
            pause=lambda _: None,
        )
        if isinstance(result, Failure):
            raise result.error
        return result


def _envelope(case: str, example: Example, source: Source) -> Envelope:
    if isinstance(source, FileSource):
        columns = tuple(example.fields)
        row = Row(2, tuple(map(str, example.fields.values())))
        body = build_file_row(row, columns, map_columns(columns, source.fields)).body
    elif example.mail is None:
        body = json.dumps(example.fields).encode()
    else:
        body = example.mail.replace("\n", "\r\n").encode()
    return Envelope(
        id=submission_id(example.source, case),
        source=example.source,
        channel=CHANNELS[type(source)],
        received_at=example.at,
        sha256=sha256(body),
        size=len(body),
        body=body,
        key=case,
        content_type="application/json" if example.mail is None else None,
    )


def _example_outcome(verdict: Verdict, stored: StoredLead | None) -> ExampleOutcome:
    if stored is None:
        return ExampleOutcome(verdict.outcome, reasons=_reason_texts(verdict.reasons))
    lead, reasons = stored.lead, (*verdict.reasons, *stored.why_not)
    assignment = lead.assignment
    routed = [
        details.why
        for details in map(read_details, stored.record.events)
        if isinstance(details, OwnerChanged)
    ]
    return ExampleOutcome(
        outcome=verdict.outcome,
        rating=lead.rating,
        score=lead.score.total,
        stage=lead.stage,
        pool=assignment.pool if assignment else "",
        owner=(assignment.rep or "") if assignment else "",
        reasons=(*_reason_texts(reasons), *routed),
        stored=stored,
    )


def _reason_texts(reasons: Iterable[Reason]) -> tuple[str, ...]:
    return tuple(f"{reason.text} ({reason.code})" for reason in reasons)


def _differences(expect: ExpectedOutcome, outcome: ExampleOutcome) -> Iterator[str]:
    for name in ("outcome", "rating", "stage", "pool", "owner"):
        expected, actual = getattr(expect, name), getattr(outcome, name)
        if expected is not None and expected != actual:
            yield f"{name}: expected {expected or 'nobody'}, became {actual or 'nothing'}"
    if expect.one_of and outcome.owner not in expect.one_of:
        names = ", ".join(expect.one_of)
        yield f"owner: expected one of {names}, became {outcome.owner or 'nobody'}"
    for text in expect.reasons_contain:
        if not any(text.casefold() in reason.casefold() for reason in outcome.reasons):
            yield f"reasons: none says “{text}”"
