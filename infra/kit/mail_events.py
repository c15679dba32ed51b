"""What SES reports of our mails: a configuration set, whose events SNS puts into a queue.

SNS signs what it sends (with SHA-256), and the reader checks that. So the message stays as it is.

Sources: Amazon SES Developer Guide, "Set up an Amazon SNS event destination"; Amazon SNS Developer
Guide, "Verifying the signatures of Amazon SNS messages"
"""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.kit.function import ses_scope
from infra.kit.rights import Grantee, allow
from leadloop.settings import MailEventsSettings, ReturnSettings

EVENTS = (
    ses.EmailSendingEvent.BOUNCE,
    ses.EmailSendingEvent.COMPLAINT,
    ses.EmailSendingEvent.DELIVERY,
    ses.EmailSendingEvent.DELIVERY_DELAY,
)


class MailEvents(Construct):
    """The topic that feeds `queue`, and the configuration set of mails from `mail_domain`.

    Without a domain the topic has neither a sender nor a receiver.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        queue: sqs.IQueue,
        dead: sqs.IQueue,
        mail_domain: str | None,
        gateway: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self._gateway = gateway
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True, signature_version="2")
        self._mail_domain = mail_domain or ""
        self._configuration_set = self._connect(queue, dead) if mail_domain else None

    def _connect(self, queue: sqs.IQueue, dead: sqs.IQueue) -> ses.ConfigurationSet:
        """The configuration set whose events go to the topic, and from there to the queue."""
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("ses.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        self.topic.add_subscription(
            subscriptions.SqsSubscription(queue, dead_letter_queue=dead)  # signed, so not raw
        )
        configuration_set = ses.ConfigurationSet(self, "Mails")
        configuration_set.add_event_destination(
            "Returned",
            destination=ses.EventDestination.sns_topic(self.topic),
            events=list(EVENTS),
        )
        return configuration_set

    def send_from(self, function: Grantee) -> None:
        """Let `function` send with the configuration set and a return path, where we have them."""
        if self._configuration_set is None:
            return
        name = self._configuration_set.configuration_set_name
        function.add_settings(ReturnSettings(MAIL_DOMAIN=self._mail_domain, CONFIGURATION_SET=name))
        allow(function, ("ses:SendRawEmail",), f"{ses_scope()}:configuration-set/{name}")

    def read_in(self, function: Grantee) -> None:
        """Let `function` believe what SNS has signed for the topic."""
        function.add_settings(
            MailEventsSettings(
                MAIL_EVENTS_TOPIC=self.topic.topic_arn, OUTBOUND_GATEWAY=self._gateway
            )
        )
