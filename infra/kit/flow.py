"""State machines: each is logged, ends after an hour, alarms, and maps over pages in S3.

It uses no ItemBatcher and knows no names of errors. The function knows what a page holds, and a
business error is data that a choice reads.
"""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from infra.deployments import Deployment
from infra.kit.alarms import FIVE_MINUTES, AlarmNotice, Alarms
from infra.kit.rights import Grantee
from leadloop.settings import Settings

ANY_TASK_FAILURE = "States.TaskFailed"


class Flow(sfn.StateMachine):
    """Its maps read objects of the bucket `pages` below `prefix`; a failed run raises `notice`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        deployment: Deployment,
        alarms: Alarms,
        start: sfn.IChainable,
        pages: s3.IBucket,
        prefix: str,
        notice: AlarmNotice,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            definition_body=sfn.DefinitionBody.from_chainable(start),
            timeout=Duration.hours(1),
            tracing_enabled=deployment.tracing,
            logs=sfn.LogOptions(
                destination=logs.LogGroup(
                    scope, f"{construct_id}Log", retention=deployment.log_retention
                ),
                level=sfn.LogLevel.ALL,
                include_execution_data=False,
            ),
        )
        self.add_to_role_policy(
            iam.PolicyStatement(
                actions=["s3:GetObject"], resources=[pages.arn_for_objects(f"{prefix}*")]
            )
        )
        alarms.add_alarm(
            scope,
            f"{construct_id}Alarm",
            metric=self.metric_failed(period=FIVE_MINUTES),
            notice=notice,
        )

    def start_from(self, function: Grantee, settings: Settings) -> None:
        """Let `function` start runs; `settings` hold this machine's ARN."""
        function.add_settings(settings)
        self.grant_start_execution(function)


def map_pages(scope: Construct, construct_id: str, *, at_once: int) -> sfn.DistributedMap:
    """A map of Express children over the pages that `$.bucket` and `$.manifest` list.

    The manifest is a JSON array in S3. `at_once` pages run at the same time; one that fails never
    stops the others.

    Source: AWS Step Functions Developer Guide, "Distributed mode".
    """
    return sfn.DistributedMap(
        scope,
        construct_id,
        item_reader=sfn.S3JsonItemReader(
            bucket_name_path=sfn.JsonPath.string_at("$.bucket"),
            key=sfn.JsonPath.string_at("$.manifest"),
        ),
        max_concurrency=at_once,
        tolerated_failure_percentage=100,
        map_execution_type=sfn.StateMachineType.EXPRESS,
        result_path=sfn.JsonPath.DISCARD,
    )


def build_task(
    scope: Construct, construct_id: str, function: lambda_.IFunction, payload: Mapping[str, object]
) -> tasks.LambdaInvoke:
    """A call of `function` whose answer is the next state's input.

    It is tried three times more, after 2, 4 and 8 seconds at most, whatever the failure is called.
    """
    task = tasks.LambdaInvoke(
        scope,
        construct_id,
        lambda_function=function,
        payload=sfn.TaskInput.from_object(dict(payload)),
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
