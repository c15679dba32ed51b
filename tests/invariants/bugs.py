"""Bugs such systems really had. Each is put into the running product, and must be seen.

A check that no bug turns red proves nothing. Names are replaced in the process they run in.
"""

from collections.abc import Sequence
from typing import Any

from ulid import ULID

import deliver.handler
from deliver.compose import send_delivery
from leadloop.decide import submission as deciding
from leadloop.decide.lead import assignment
from leadloop.decide.submissions import case as cases
from leadloop.decide.submissions.case import SubmissionCase
from leadloop.decide.submissions.repeat import answer_repeat
from leadloop.edge import batches
from leadloop.edge.queue_messages import ReadyDelivery
from leadloop.identity.merge import LeadDetails
from leadloop.intake import envelope
from leadloop.model.base import Reason
from leadloop.model.decision import Decision, Send
from leadloop.model.lead import SubmissionOutcome
from leadloop.model.report import SendStatus
from leadloop.model.trace import RoutingTurn
from leadloop.routing.choose import Placement, describe_turn
from leadloop.store.dynamodb import DynamoTable
from leadloop.store.table import Put

_asked = DynamoTable._put_request


def _replace(where: object, name: str, broken: object) -> None:
    """What moved elsewhere is an error here, not a bug that nobody put in."""
    if not hasattr(where, name):
        raise AttributeError(f"{where} has no {name} any more; put the bug where it is now")
    setattr(where, name, broken)


def no_idempotency_key() -> None:
    """Every try is a submission of its own, whatever key the caller gave."""
    _replace(envelope, "submission_id", lambda *_: str(ULID()))


def capacity_without_version() -> None:
    """The pool's book is read, changed and put back, with no look at who did so meanwhile."""

    def asked(self: DynamoTable, put: Put) -> Any:
        request = _asked(self, put)
        if str(put.item["pk"]).startswith("POOL#"):
            for name in list(request):
                if name not in ("TableName", "Item"):
                    del request[name]  # type: ignore[misc]
        return request

    _replace(DynamoTable, "_put_request", asked)


def missed_answer_is_rejection() -> None:
    """The own write, met again after its answer was lost, is taken for another's."""

    def again(case: SubmissionCase) -> Decision | None:
        stored = case.stored
        if stored is None:
            return None
        why = Reason(code="duplicate", text="seen before")
        decision = case.reject(why)
        (change,) = decision.changes
        after = stored.but(outcome=SubmissionOutcome.REJECTED, reasons=(why,), lead=None)
        after = after.but(version=stored.version + 1)
        return decision._replace(changes=(change._replace(before=stored.version, after=after),))

    stages = [again if each is answer_repeat else each for each in deciding.STAGES]
    if again not in stages:
        raise AttributeError("no stage answers a repeat; put the bug where it is now")
    _replace(deciding, "STAGES", tuple(stages))


def import_restarts_at_row_0() -> None:
    """Whoever goes on with an import takes each row for one that has not been met."""

    def met_anew(*_: object) -> str:
        return str(ULID())

    _replace(envelope, "submission_id", met_anew)


def closed_before_sending() -> None:
    """A delivery is closed first and said afterwards."""

    def deliver_(message: batches.QueueMessage) -> None:
        waiting, claim = ReadyDelivery.model_validate_json(message.body), str(ULID())
        outcome = deliver.handler._report(waiting, SendStatus.SENDING, claim)
        if isinstance(outcome, Send):
            deliver.handler._report(waiting, SendStatus.SENT, claim)
            send_delivery(outcome)

    _replace(deliver.handler, "_deliver", deliver_)


def last_writer_wins() -> None:
    """A merge overwrites what was there."""

    def merge(kept: LeadDetails, _founded: Any, new: LeadDetails, _received: Any) -> LeadDetails:
        given = new.contact.model_dump(exclude_none=True)
        return kept.but(contact=kept.contact.but(**given))

    _replace(cases, "merge_details", merge)


def all_or_nothing() -> None:
    """One message that cannot be read fails its whole batch."""

    def fold(
        batch: Sequence[batches.QueueMessage], _what: str, read: Any, work: Any, failed: Any
    ) -> Any:
        found = [(message.id, item) for message in batch for item in read(message)]
        results = tuple(work([item for _, item in found])) if found else ()
        again = {id_ for (id_, _), result in zip(found, results, strict=True) if failed(result)}
        return batches.build_response(again), results

    _replace(batches, "process_batch", fold)


def propensity_left_out() -> None:
    """Who could have had a lead is kept, and not how often each of them gets one."""

    def describe(placement: Placement) -> RoutingTurn:
        turn = describe_turn(placement)
        silent = (each.but(propensity=0.0) for each in turn.candidates)
        return turn.but(candidates=tuple(silent))

    _replace(assignment, "describe_turn", describe)
