"""One topic that every alarm writes to, and what an alarm says to the person it wakes."""

from dataclasses import dataclass
from typing import Literal

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.kit.rights import Grantee
from leadloop.settings import AlarmSettings

FIVE_MINUTES = Duration.minutes(5)


@dataclass(frozen=True, kw_only=True)
class AlarmNotice:
    """What an operator reads: how urgent it is, what it means for leads, and what to do first."""

    severity: Literal["page", "ticket"]  # page: act now, at any hour; ticket: on the next workday
    consequence: str
    first_step: str

    def description(self) -> str:
        """Three lines, one a part. CloudWatch takes 1,024 characters."""
        return (
            f"Severity: {self.severity}\n"
            f"Consequence: {self.consequence}\n"
            f"First step: {self.first_step}"
        )


class Alarms(Construct):
    """The topic and its subscriber; several stacks add their alarms here."""

    def __init__(self, scope: Construct, construct_id: str, *, email: str | None) -> None:
        super().__init__(scope, construct_id)
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True)
        # Demanding TLS replaces the policy by which the account's own alarms could publish.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        if email:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))

    def add_alarm(
        self,
        scope: Construct,
        construct_id: str,
        *,
        metric: cloudwatch.IMetric,
        notice: AlarmNotice,
    ) -> None:
        """Raise an alarm at once when `metric` is 1 or more; missing data is good."""
        alarm = cloudwatch.Alarm(
            scope,
            construct_id,
            metric=metric,
            alarm_description=notice.description(),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))

    def publish_from(self, function: Grantee) -> None:
        """Let `function` write to the topic itself, for what no single metric can name."""
        function.add_settings(AlarmSettings(ALARM_TOPIC=self.topic.topic_arn))
        self.topic.grant_publish(function)
