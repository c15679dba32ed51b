"""A function as we want every function: its own bundle, environment, log group, alarm."""

from collections.abc import Iterable

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.bundling.bundles import bundle
from infra.deployments import Deployment
from infra.kit.alarms import FIVE_MINUTES, Alarms
from leadloop.settings import Settings

DOOR_TIMEOUT = Duration.seconds(20)
WORKER_TIMEOUT = Duration.seconds(60)
MEMORY = 1024  # MB


class LeadFunction(lambda_.Function):
    """`name` is the folder below functions/; `settings` are all it is told."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        deployment: Deployment,
        alarms: Alarms,
        settings: Iterable[Settings],
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
                **{key: value for group in settings for key, value in group.environment().items()},
            },
        )
        alarms.add_alarm(
            self,
            "Alarm",
            metric=self.metric_errors(period=FIVE_MINUTES),
            what=f"{name} raised an error that was nobody's answer",
        )

    def consume_queue(self, queue: sqs.IQueue) -> None:
        """Ten messages at a time, two batches at once, and a bad one fails alone.

        More writers on the same pools would only lose races.
        """
        self.add_event_source(
            sources.SqsEventSource(
                queue, batch_size=10, max_concurrency=2, report_batch_item_failures=True
            )
        )


class Door(LeadFunction):
    """A function that people wait for, behind HTTP: answers from a snapshot where that is on."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        deployment: Deployment,
        alarms: Alarms,
        settings: Iterable[Settings],
    ) -> None:
        super().__init__(
            scope,
            name,
            deployment=deployment,
            alarms=alarms,
            settings=settings,
            timeout=DOOR_TIMEOUT,
            concurrency=deployment.door_concurrency,
        )
        self.entrance: lambda_.IFunction = self
        if deployment.snap_start:
            cfn = self.node.default_child
            assert isinstance(cfn, lambda_.CfnFunction)  # noqa: S101
            cfn.snap_start = lambda_.CfnFunction.SnapStartProperty(apply_on="PublishedVersions")
            self.entrance = lambda_.Alias(
                self, "Live", alias_name="live", version=self.current_version
            )
