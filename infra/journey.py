"""What time brings: every minute, whatever is due, by one state machine.

It shows kinds and outcomes, not the inside of a decision: each page of references goes to the
same function, whose `act` folds it. An item stays due until a conditional write advances it, so a
run that dies loses nothing, and a page that fails is met again by the next run.
"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from infra.data_stack import PAGES, DataStack
from infra.deployments import Deployment
from infra.kit import rights
from infra.kit.alarms import FIVE_MINUTES
from infra.kit.function import LeadFunction
from infra.told import Told

KINDS = ("step", "breach", "recycle", "retry")
PAGES_AT_ONCE = 2
ANY_TASK_FAILURE = "States.TaskFailed"


class Journey(Construct):
    """`machine` is the flow that the schedule starts."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        deployment: Deployment,
        data: DataStack,
        told: Told,
    ) -> None:
        super().__init__(scope, construct_id)
        function = LeadFunction(
            self,
            "journey",
            deployment=deployment,
            alarms=data.alarms,
            settings=(told.table, told.playbook, told.journey),
            concurrency=deployment.worker_concurrency,
        )
        rights.may_work_leads(function, data.table)
        rights.may_list(function, data.table)
        rights.may_read(function, data.playbooks, rights.PLAYBOOK)
        rights.may_read(function, data.pages, PAGES)
        rights.may_write(function, data.pages, PAGES)
        data.claims.grant_read(function)

        self.machine = sfn.StateMachine(
            self,
            "Machine",
            definition_body=sfn.DefinitionBody.from_chainable(self._due(function)),
            timeout=Duration.hours(1),
            tracing_enabled=deployment.tracing,
            logs=sfn.LogOptions(
                destination=logs.LogGroup(self, "MachineLog", retention=deployment.log_retention),
                level=sfn.LogLevel.ALL,
                include_execution_data=False,
            ),
        )
        self.machine.add_to_role_policy(
            iam.PolicyStatement(
                actions=["s3:GetObject"], resources=[data.pages.arn_for_objects(f"{PAGES}*")]
            )
        )
        events.Rule(
            self,
            "EveryMinute",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[targets.SfnStateMachine(self.machine)],
        )
        data.alarms.on(
            self,
            "Alarm",
            metric=self.machine.metric_failed(period=FIVE_MINUTES),
            what="a journey run failed: what is due waits for the next",
        )

    def _due(self, function: lambda_.IFunction) -> sfn.IChainable:
        """Answers `{"bucket", "manifest", "pages"}`; a manifest lists pages.

        There are none when nothing is due or another run holds the lease.
        """
        due = self._task("Due", function, {"task": "due"})
        nothing = sfn.Succeed(self, "NothingDue")
        more = sfn.Condition.number_greater_than("$.pages", 0)
        return due.next(
            sfn.Choice(self, "AnythingDue").when(more, self._pages(function)).otherwise(nothing)
        )

    def _pages(self, function: lambda_.IFunction) -> sfn.DistributedMap:
        """Over pages, not leads; one page's failure never stops the others."""
        pages = sfn.DistributedMap(
            self,
            "Pages",
            item_reader=sfn.S3JsonItemReader(
                bucket_name_path=sfn.JsonPath.string_at("$.bucket"),
                key=sfn.JsonPath.string_at("$.manifest"),
            ),
            max_concurrency=PAGES_AT_ONCE,
            tolerated_failure_percentage=100,
            map_execution_type=sfn.StateMachineType.EXPRESS,
            result_path=sfn.JsonPath.DISCARD,
        )
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
            act = self._task(kind.title(), function, page)
            by_kind.when(sfn.Condition.string_equals("$.kind", kind), act.next(outcome))
        return by_kind.otherwise(sfn.Fail(self, "UnknownKind", error="UnknownKind"))

    def _outcome(self) -> sfn.Choice:
        outcome = sfn.Choice(self, "Outcome")
        for end in ("done", "late"):
            is_end = sfn.Condition.string_equals("$.outcome", end)
            outcome.when(is_end, sfn.Succeed(self, end.title()))
        return outcome.otherwise(sfn.Fail(self, "Failed", error="PageFailed"))

    def _task(
        self, construct_id: str, function: lambda_.IFunction, payload: dict[str, str]
    ) -> tasks.LambdaInvoke:
        task = tasks.LambdaInvoke(
            self,
            construct_id,
            lambda_function=function,
            payload=sfn.TaskInput.from_object(payload),
            payload_response_only=True,
            retry_on_service_exceptions=False,
        )
        task.add_retry(
            errors=[ANY_TASK_FAILURE],
            max_attempts=3,
            interval=Duration.seconds(2),
            backoff_rate=2,
            jitter_strategy=sfn.JitterType.FULL,
        )
        return task
