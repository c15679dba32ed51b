"""The journey: every minute, one state machine works off what is due.

It shows kinds and outcomes, not the inside of a decision: each page of references goes to the same
function, which decides it. An item stays due until a conditional write advances it. So a run that
dies loses nothing, and the next run tries a failed page again.
"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.data_stack import DUE_PREFIX
from infra.family import Family, FamilyContext
from infra.kit.alarms import AlarmNotice
from infra.kit.flow import build_task, map_pages

KINDS = ("step", "breach", "recycle", "retry")
PAGES_AT_ONCE = 2  # more writers on the same pools would only lose races


class Journey(Family):
    """`machine` is the flow that the schedule starts."""

    def __init__(self, scope: Construct, construct_id: str, context: FamilyContext) -> None:
        super().__init__(scope, construct_id, context)
        data = context.data
        function = self.worker("journey")
        data.allow_decisions(function, queries="lists")
        data.pages.use_in(function, read=(DUE_PREFIX,), write=(DUE_PREFIX,))

        self.machine = self.flow(
            "Machine",
            self._due(function),
            prefix=DUE_PREFIX,
            notice=AlarmNotice(
                severity="ticket",
                consequence="A run of the journey failed. What was due waits for the next minute.",
                first_step="Open the failed execution in Step Functions and read its last state. "
                "Act at once if every run fails.",
            ),
        )
        events.Rule(
            self,
            "EveryMinute",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[targets.SfnStateMachine(self.machine)],
        )

    def _due(self, function: lambda_.IFunction) -> sfn.IChainable:
        """Find what is due: `{"bucket", "manifest", "pages"}`; the manifest lists the pages.

        `pages` is 0 when nothing is due or another run holds the lease.
        """
        due = build_task(self, "Due", function, {"task": "due"})
        nothing = sfn.Succeed(self, "NothingDue")
        has_pages = sfn.Condition.number_greater_than("$.pages", 0)
        return due.next(
            sfn.Choice(self, "AnythingDue")
            .when(has_pages, self._pages(function))
            .otherwise(nothing)
        )

    def _pages(self, function: lambda_.IFunction) -> sfn.DistributedMap:
        pages = map_pages(self, "Pages", at_once=PAGES_AT_ONCE)
        return pages.item_processor(self._page(function))

    def _page(self, function: lambda_.IFunction) -> sfn.Choice:
        """Decide one page, given as `{"kind", "bucket", "key"}`.

        The answer is `{"kind", "done", "late", "failed", "outcome"}`.
        """
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
