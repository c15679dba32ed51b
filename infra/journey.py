"""What time brings: every minute, whatever is due, by one state machine.

It shows kinds and outcomes, not the inside of a decision: each page of references goes to the
same function, whose `act` folds it. An item stays due until a conditional write advances it, so a
run that dies loses nothing, and a page that fails is met again by the next run.
"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.data_stack import PAGES
from infra.family import Family, FamilyContext, grant_lead_decisions
from infra.kit import rights
from infra.kit.flow import build_task, map_pages

KINDS = ("step", "breach", "recycle", "retry")
PAGES_AT_ONCE = 2


class Journey(Family):
    """`machine` is the flow that the schedule starts."""

    def __init__(self, scope: Construct, construct_id: str, ground: FamilyContext) -> None:
        super().__init__(scope, construct_id, ground)
        data, told = ground.data, ground.told
        function = self.worker("journey", told.table, told.playbook, told.journey)
        grant_lead_decisions(function, data)
        rights.grant_list_read(function, data.table)
        rights.grant_object_read(function, data.pages, PAGES)
        rights.grant_object_write(function, data.pages, PAGES)

        self.machine = self.flow(
            "Machine",
            self._due(function),
            prefix=PAGES,
            what="a journey run failed: what is due waits for the next",
        )
        events.Rule(
            self,
            "EveryMinute",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[targets.SfnStateMachine(self.machine)],
        )

    def _due(self, function: lambda_.IFunction) -> sfn.IChainable:
        """Answers `{"bucket", "manifest", "pages"}`; a manifest lists pages.

        There are none when nothing is due or another run holds the lease.
        """
        due = build_task(self, "Due", function, {"task": "due"})
        nothing = sfn.Succeed(self, "NothingDue")
        more = sfn.Condition.number_greater_than("$.pages", 0)
        return due.next(
            sfn.Choice(self, "AnythingDue").when(more, self._pages(function)).otherwise(nothing)
        )

    def _pages(self, function: lambda_.IFunction) -> sfn.DistributedMap:
        """Over pages, not leads; one page's failure never stops the others."""
        pages = map_pages(self, "Pages", at_once=PAGES_AT_ONCE)
        return pages.item_processor(self._page(function))

    def _page(self, function: lambda_.IFunction) -> sfn.Choice:
        """`{"kind", "bucket", "key"}` → `{"kind", "done", "late", "failed", "outcome"}`."""
        page = {
            "task": "act",
            "kind": sfn.JsonPath.string_at("$.kind"),
            "bucket": sfn.JsonPath.string_at("$.bucket"),
            "key": sfn.JsonPath.string_at("$.key"),
        }
        outcome = self._outcome()
        by_kind = sfn.Choice(self, "Kind")
        for kind in KINDS:
            act = build_task(self, kind.title(), function, page)
            by_kind.when(sfn.Condition.string_equals("$.kind", kind), act.next(outcome))
        return by_kind.otherwise(sfn.Fail(self, "UnknownKind", error="UnknownKind"))

    def _outcome(self) -> sfn.Choice:
        outcome = sfn.Choice(self, "Outcome")
        for end in ("done", "late"):
            is_end = sfn.Condition.string_equals("$.outcome", end)
            outcome.when(is_end, sfn.Succeed(self, end.title()))
        return outcome.otherwise(sfn.Fail(self, "Failed", error="PageFailed"))
