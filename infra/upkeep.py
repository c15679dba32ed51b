"""Upkeep: dead letters are settled, submissions are replayed, and reports are kept."""

from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.data_stack import FEED_PREFIX, RAW_PREFIX, RECEIVED_MAIL_PREFIX
from infra.family import Family, FamilyContext
from infra.kit.alarms import FIVE_MINUTES, AlarmNotice
from infra.kit.flow import ANY_TASK_FAILURE, build_task, map_pages
from infra.kit.function import LeadFunction

# Prefixes of the pages bucket.
REPLAY_PREFIX = "replays/"
REPORT_PREFIX = "reports/"
STATEMENT_PREFIX = f"{REPORT_PREFIX}statements/"

HOURLY_TASKS = ("vendors", "balance", "health")
PAGES_AT_ONCE = 2  # more writers on the same pools would only lose races
REPLAY = "$.replay"


class Upkeep(Family):
    """`function` reads every dead-letter queue; `replays` is the flow that admin starts."""

    def __init__(self, scope: Construct, construct_id: str, context: FamilyContext) -> None:
        super().__init__(scope, construct_id, context)
        self.function = upkeep = self._worker()
        events.Rule(
            self,
            "EveryHour",
            schedule=events.Schedule.rate(Duration.hours(1)),
            targets=[
                targets.LambdaFunction(
                    upkeep, event=events.RuleTargetInput.from_object({"task": task_name})
                )
                for task_name in HOURLY_TASKS
            ],
        )
        self._watch_outcomes()
        self.replays = self.flow(
            "Replays",
            self._replay(upkeep),
            prefix=REPLAY_PREFIX,
            notice=AlarmNotice(
                severity="ticket",
                consequence="A replay failed. Some submissions keep the outcome they had before.",
                first_step="Start the replay again. What was replayed stays as it is.",
            ),
        )

    def read_logs_of(self, doors: Iterable[logs.ILogGroup]) -> None:
        """Compare what these doors logged as accepted with its outcomes, in the hourly balance.

        upkeep's own log counts too: it accepts leads that a vendor reports as missed.
        """
        self.function.read_logs((*doors, self.function.log_group))

    def _worker(self) -> LeadFunction:
        data = self._context.data
        upkeep = self.worker("upkeep")
        data.allow_decisions(upkeep, queries="timelines")
        data.raw.use_in(
            upkeep, read=(RECEIVED_MAIL_PREFIX, FEED_PREFIX, RAW_PREFIX), write=(RAW_PREFIX,)
        )
        papers = (REPLAY_PREFIX, REPORT_PREFIX)
        data.pages.use_in(upkeep, read=papers, write=papers)
        data.vendors.use_in(upkeep)
        data.submissions.send_from(upkeep)
        data.received_mail.send_from(upkeep)
        data.alarms.publish_from(upkeep)
        for queue in data.dead:
            upkeep.consume_queue(queue)
        return upkeep

    def _watch_outcomes(self) -> None:
        """Alarm on the number of submissions without an outcome; upkeep logs it as a metric."""
        unaccounted = cloudwatch.Metric(
            namespace="leadloop",
            metric_name="Unaccounted",
            dimensions_map={"service": "leadloop"},
            period=FIVE_MINUTES,
            statistic="max",
        )
        self._context.data.alarms.add_alarm(
            self,
            "Unaccounted",
            metric=unaccounted,
            notice=AlarmNotice(
                severity="page",
                consequence="Submissions were accepted and have no outcome. Leads may be lost. "
                "A second message of this topic names their sources.",
                first_step="Read their ids at GET /admin/v1/reports/reconciliation.",
            ),
        )

    def _replay(self, upkeep: LeadFunction) -> sfn.IChainable:
        """Find the submissions, replay them page by page, and sum up, also when finding failed."""
        replay = sfn.JsonPath.string_at(REPLAY)
        end = build_task(self, "End", upkeep, {"task": "end", "replay": replay})
        page = build_task(
            self,
            "Page",
            upkeep,
            {"task": "page", "replay": replay, "page": sfn.JsonPath.number_at("$.page")},
        )
        pages = map_pages(self, "ReplayPages", at_once=PAGES_AT_ONCE)
        pages.item_processor(page)
        has_pages = sfn.Condition.number_greater_than("$.pages", 0)
        process_pages = (
            sfn.Choice(self, "AnybodyFound").when(has_pages, pages.next(end)).otherwise(end)
        )
        find = build_task(self, "Find", upkeep, {"task": "find", "replay": replay})
        find.add_catch(end, errors=[ANY_TASK_FAILURE], result_path=sfn.JsonPath.DISCARD)
        return find.next(process_pages)
