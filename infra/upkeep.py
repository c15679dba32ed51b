"""What keeps the house: upkeep (an end for each dead letter; who is replayed is read anew)."""

from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.data_stack import RECEIVED_MAIL_PREFIX
from infra.family import Family, FamilyContext, grant_lead_decisions
from infra.kit import rights
from infra.kit.alarms import FIVE_MINUTES
from infra.kit.flow import ANY_TASK_FAILURE, build_task, map_pages
from infra.kit.function import LeadFunction
from leadloop.settings import DoorLogsSettings

REPLAYS, REPORTS = "replays/", "reports/"
STATEMENTS = f"{REPORTS}statements/"
PAGES_AT_ONCE = 2
REPLAY = "$.replay"


class Upkeep(Family):
    """Reads every dead-letter queue there is; `replays` is the flow that admin starts."""

    def __init__(self, scope: Construct, construct_id: str, ground: FamilyContext) -> None:
        super().__init__(scope, construct_id, ground)
        data, told = ground.data, ground.told
        self.function = upkeep = self.worker(
            "upkeep",
            told.table,
            told.playbook,
            told.raw,
            told.replays,
            told.vendors,
            told.submissions,
            told.received_mail,
            told.alarms,
        )
        grant_lead_decisions(upkeep, data)
        rights.grant_timeline_read(upkeep, data.table)
        rights.grant_object_read(upkeep, data.raw, RECEIVED_MAIL_PREFIX)
        rights.grant_object_read(upkeep, data.raw, rights.FEED_PREFIX)
        rights.grant_object_read(upkeep, data.raw, rights.RAW_PREFIX)
        rights.grant_object_write(upkeep, data.raw, rights.RAW_PREFIX)
        rights.grant_object_read(upkeep, data.pages, REPLAYS)
        rights.grant_object_write(upkeep, data.pages, REPLAYS)
        rights.grant_object_read(upkeep, data.pages, REPORTS)
        rights.grant_object_write(upkeep, data.pages, REPORTS)
        rights.grant_secret_read(upkeep, data.vendor_secrets)
        data.submissions.grant_send_messages(upkeep)
        data.received_mail.grant_send_messages(upkeep)
        data.alarms.topic.grant_publish(upkeep)
        for queue in data.dead:
            upkeep.consume_queue(queue)
        events.Rule(
            self,
            "EveryHour",
            schedule=events.Schedule.rate(Duration.hours(1)),
            targets=[
                targets.LambdaFunction(
                    upkeep, event=events.RuleTargetInput.from_object({"task": hourly})
                )
                for hourly in ("vendors", "balance", "health")
            ],
        )
        unaccounted = cloudwatch.Metric(
            namespace="leadloop",
            metric_name="Unaccounted",
            dimensions_map={"service": "leadloop"},
            period=FIVE_MINUTES,
            statistic="max",
        )
        data.alarms.add_alarm(
            self,
            "Unaccounted",
            metric=unaccounted,
            what="submissions were taken and have no outcome: their sources are in the message of "
            "this topic beside it, their ids at GET /admin/v1/reports/reconciliation",
        )

        self.replays = self.flow(
            "Replays",
            self._replay(upkeep),
            prefix=REPLAYS,
            what="a replay failed: start it again, nothing is done twice",
        )

    def watch_logs(self, doors: Iterable[logs.ILogGroup]) -> None:
        """Hold what these doors say they took against what became of it."""
        groups = [*doors, self.function.log_group]  # it takes in what vendors say we missed
        for group in groups:
            rights.grant_log_read(self.function, group)
        names = ",".join(group.log_group_name for group in groups)
        for name, value in DoorLogsSettings(DOOR_LOGS=names).environment().items():
            self.function.add_environment(name, value)

    def _replay(self, upkeep: LeadFunction) -> sfn.IChainable:
        """Find whom, page by page, and sum up; also when it could not even be found whom."""
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
        some = sfn.Condition.number_greater_than("$.pages", 0)
        found = sfn.Choice(self, "AnybodyFound").when(some, pages.next(end)).otherwise(end)
        find = build_task(self, "Find", upkeep, {"task": "find", "replay": replay})
        find.add_catch(end, errors=[ANY_TASK_FAILURE], result_path=sfn.JsonPath.DISCARD)
        return find.next(found)
