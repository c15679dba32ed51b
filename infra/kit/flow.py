"""A state machine as we want every one: logged, timed, alarmed; and its way over pages in S3.

It knows no ItemBatcher and no names of errors: what a page holds is the function's business, and a
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
from infra.kit.alarms import FIVE_MINUTES, Alarms

ANY_TASK_FAILURE = "States.TaskFailed"


class Flow(sfn.StateMachine):
    """`pages` below `prefix` are what its maps read; a failed run alarms with `what`."""

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
        what: str,
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
            what=what,
        )


def map_pages(scope: Construct, construct_id: str, *, at_once: int) -> sfn.DistributedMap:
    """Express children over the pages that `$.bucket` and `$.manifest` (a JSON array) list.

    One page's failure never stops the others.
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
    """One call of `function`, tried again whatever its failure is called; its answer goes on."""
    called = tasks.LambdaInvoke(
        scope,
        construct_id,
        lambda_function=function,
        payload=sfn.TaskInput.from_object(dict(payload)),
        payload_response_only=True,
        retry_on_service_exceptions=False,
    )
    called.add_retry(
        errors=[ANY_TASK_FAILURE],
        max_attempts=3,
        interval=Duration.seconds(2),
        backoff_rate=2,
        jitter_strategy=sfn.JitterType.FULL,
    )
    return called
