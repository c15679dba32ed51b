"""Functions: each has its own bundle, environment, role, log group and alarm."""

from collections.abc import Iterable

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.bundling.bundles import bundle
from infra.deployments import Deployment
from infra.kit.alarms import FIVE_MINUTES, AlarmNotice, Alarms
from infra.kit.rights import allow
from leadloop.settings import DoorLogsSettings, Settings

DOOR_TIMEOUT = Duration.seconds(20)
WORKER_TIMEOUT = Duration.seconds(60)
MEMORY = 1024  # MB


class LeadFunction(lambda_.Function):
    """`name` is the folder below functions/. Resources add what it may use: `use_in(function)`."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        deployment: Deployment,
        alarms: Alarms,
        timeout: Duration = WORKER_TIMEOUT,
        concurrency: int | None = None,
    ) -> None:
        construct_id = name.title().replace("_", "")
        log_group = logs.LogGroup(
            scope,
            f"{construct_id}Log",
            retention=deployment.log_retention,
            removal_policy=RemovalPolicy.DESTROY,
        )
        # Not the managed policy: it may write to every log group there is.
        role = iam.Role(
            scope, f"{construct_id}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")
        )
        log_group.grant_write(role)
        super().__init__(
            scope,
            construct_id,
            code=lambda_.Code.from_asset(str(bundle(name, deployment.target))),
            handler=f"{name}.handler.handler",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            role=role,
            log_group=log_group,
            timeout=timeout,
            memory_size=MEMORY,
            reserved_concurrent_executions=concurrency,
            tracing=lambda_.Tracing.ACTIVE if deployment.tracing else lambda_.Tracing.DISABLED,
            environment={
                "POWERTOOLS_SERVICE_NAME": name,
                "PYDANTIC_DISABLE_PLUGINS": "__all__",  # else each start looks for some on disk
            },
        )
        alarms.add_alarm(
            self,
            "Alarm",
            metric=self.metric_errors(period=FIVE_MINUTES),
            notice=self._failure_notice(name),
        )

    def add_settings(self, *groups: Settings) -> None:
        """Add the variables of these groups. Resources call it, together with the right."""
        for group in groups:
            for name, value in group.environment().items():
                self.add_environment(name, value)

    def _failure_notice(self, name: str) -> AlarmNotice:
        return AlarmNotice(
            severity="ticket",
            consequence=f"The function {name} failed in a way we do not handle. "
            "Its work is tried again by itself; leads may be late.",
            first_step=f"Read the newest error in the log group of {name}.",
        )

    def consume_queue(self, queue: sqs.IQueue) -> None:
        """Receive ten messages at a time, two batches at once; a bad message fails alone.

        More writers on the same pools would only lose races.
        """
        self.add_event_source(
            sources.SqsEventSource(
                queue, batch_size=10, max_concurrency=2, report_batch_item_failures=True
            )
        )

    def read_logs(self, groups: Iterable[logs.ILogGroup]) -> None:
        """Read the events of these log groups; their names come as one variable.

        CloudWatch Logs checks a group's ARN with `:*` for its streams or without, by the caller.
        """
        groups = tuple(groups)
        names = ",".join(group.log_group_name for group in groups)
        self.add_settings(DoorLogsSettings(DOOR_LOGS=names))
        scope = f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group"
        for group in groups:
            for arn in (group.log_group_arn, f"{scope}:{group.log_group_name}"):
                allow(self, ("logs:FilterLogEvents",), arn)

    def allow_sending_mail(self) -> None:
        """Send as any SES identity of this account; the playbook names the sender of each mail."""
        allow(self, ("ses:SendRawEmail",), f"{ses_scope()}:identity/*")


def ses_scope() -> str:
    """What the ARNs of SES in this account begin with."""
    return f"arn:{Aws.PARTITION}:ses:{Aws.REGION}:{Aws.ACCOUNT_ID}"


class Door(LeadFunction):
    """A function behind HTTP, whose callers wait.

    `invoke_target` is what the API calls: the function, or with SnapStart the alias `live` of its
    published version (AWS Lambda Developer Guide, "Improving startup performance with SnapStart").
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        deployment: Deployment,
        alarms: Alarms,
    ) -> None:
        super().__init__(
            scope,
            name,
            deployment=deployment,
            alarms=alarms,
            timeout=DOOR_TIMEOUT,
            concurrency=deployment.door_concurrency,
        )
        self.invoke_target: lambda_.IFunction = self
        if deployment.snap_start:
            cfn = self.node.default_child
            assert isinstance(cfn, lambda_.CfnFunction)  # noqa: S101
            cfn.snap_start = lambda_.CfnFunction.SnapStartProperty(apply_on="PublishedVersions")
            self.invoke_target = lambda_.Alias(
                self, "Live", alias_name="live", version=self.current_version
            )

    def _failure_notice(self, name: str) -> AlarmNotice:
        return AlarmNotice(
            severity="page",
            consequence=f"The function {name} failed in a way we do not handle. "
            "A caller got status 502; a form that was not sent again is lost.",
            first_step=f"Read the newest error in the log group of {name}.",
        )
