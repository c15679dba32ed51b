"""The data that must not be lost: what it is stored in, and what a function may do with it.

The table, raw bytes, playbooks, the lake, keys, people, and every queue, since an undelivered
lead is data. The stack may be updated, never deleted with what it holds.
"""

from aws_cdk import Aws, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.deployments import Deployment
from infra.kit.alarms import Alarms
from infra.kit.bucket import PrivateBucket, WorkBucket
from infra.kit.function import WORKER_TIMEOUT
from infra.kit.lake import RESULTS_LIFETIME, RESULTS_PREFIX, LakeStream, LakeTable
from infra.kit.mail_events import MailEvents
from infra.kit.queue import DeadLetters, WorkQueue, visibility_for
from infra.kit.rights import Grantee
from infra.kit.secret import GeneratedSecret, LinksSecret, StoredSecrets
from infra.kit.table import LeadTable, Queries
from leadloop import settings

ROLES = ("admin", "manager", "sales", "marketing")

# Prefixes of the raw bucket.
RECEIVED_MAIL_PREFIX = "in/"  # mail and files as they came
FEED_PREFIX = "fed/"  # documents and files that were polled, as they came
RAW_PREFIX = "raw/"  # the bytes of every other submission

# Prefixes of the playbook bucket.
PLAYBOOK_PREFIX = "playbook/"
ASSETS_PREFIX = "assets/"

DUE_PREFIX = "pages/"  # of the pages bucket: references the journey works through
PAGE_LIFETIME = Duration.days(7)


class DataStack(Stack):
    """Each resource opens itself to a function: it adds the variable and the right in one call.

    The outputs are the names by which the laptop run and operators find the resources.
    """

    def __init__(self, scope: Construct, construct_id: str, *, deployment: Deployment) -> None:
        super().__init__(scope, construct_id)
        self.removal = RemovalPolicy.RETAIN if deployment.keep_data else RemovalPolicy.DESTROY
        self.alarms = Alarms(self, "Alarms", email=deployment.alarm_email)
        self._secrets(deployment)
        self.table = LeadTable(self, "Leads", claims=self.claims, removal=self.removal)
        self._queues()
        self.mail_events = self._mail_events(deployment)
        self._buckets()
        self.lake = LakeStream(self, "LakeStream", bucket=self.lake_bucket)
        self.lake_table = LakeTable(self, "LakeTable", bucket=self.lake_bucket)
        self.people = self._people()
        self._outputs()

    def allow_decisions(self, function: Grantee, *, queries: Queries = "none") -> None:
        """Let `function` decide about leads and commit: the table and the published playbooks.

        `queries` are those of `LeadTable.allow_decisions`.
        """
        self.table.allow_decisions(function, queries=queries)
        self.playbooks.use_in(function, read=(PLAYBOOK_PREFIX,))

    def _secrets(self, deployment: Deployment) -> None:
        self.claims = GeneratedSecret(
            self,
            "ClaimsSecret",
            description="keys the HMAC of identity claims",
            removal=self.removal,
        )
        self.links = LinksSecret(
            self, "LinksSecret", description="signs the links in mails", removal=self.removal
        )
        hooks, vendors = f"{self.stack_name}/hooks/", f"{self.stack_name}/vendors/"
        self.hooks = StoredSecrets(prefix=hooks, settings=settings.HookSettings(HOOK_SECRETS=hooks))
        self.vendors = StoredSecrets(
            prefix=vendors,
            settings=settings.VendorSettings(
                VENDOR_SECRETS=vendors, OUTBOUND_GATEWAY=deployment.outbound_gateway
            ),
        )

    def _queues(self) -> None:
        self.submissions = WorkQueue(
            self,
            "Submissions",
            alarms=self.alarms,
            worker_timeout=WORKER_TIMEOUT,
            settings=lambda url: settings.SubmissionsSettings(SUBMISSIONS_QUEUE=url),
        )
        self.signals = WorkQueue(
            self,
            "Signals",
            alarms=self.alarms,
            worker_timeout=WORKER_TIMEOUT,
            settings=lambda url: settings.SignalsSettings(SIGNALS_QUEUE=url),
        )
        self.received_mail = WorkQueue(
            self,
            "ReceivedMail",
            alarms=self.alarms,
            worker_timeout=WORKER_TIMEOUT,
            settings=lambda url: settings.ReceivedMailSettings(RECEIVED_MAIL_QUEUE=url),
        )
        self.deliveries = WorkQueue(
            self,
            "Deliveries",
            alarms=self.alarms,
            worker_timeout=WORKER_TIMEOUT,
            settings=lambda url: settings.DeliveriesSettings(DELIVERIES_QUEUE=url),
        )
        self.unrelayed = DeadLetters(
            self, "UnrelayedDead", alarms=self.alarms, visibility=visibility_for(WORKER_TIMEOUT)
        )
        work_queues = (self.submissions, self.signals, self.received_mail, self.deliveries)
        self.dead: tuple[sqs.IQueue, ...] = (
            *(queue.dead for queue in work_queues),
            self.unrelayed,
        )

    def _mail_events(self, deployment: Deployment) -> MailEvents | None:
        """News of our mails for the queue of signals, where SES also receives mail.

        On the laptop nothing publishes to the topic; it is the name by which news is believed.
        """
        if deployment.mail_domain is None and not deployment.outbound_gateway:
            return None
        events = MailEvents(
            self,
            "MailEvents",
            queue=self.signals,
            dead=self.signals.dead,
            mail_domain=deployment.mail_domain,
            gateway=deployment.outbound_gateway,
        )
        CfnOutput(self, "MailEventsTopicArn", value=events.topic.topic_arn)
        return events

    def _buckets(self) -> None:
        self.raw = WorkBucket(
            self,
            "Raw",
            removal=self.removal,
            versioned=True,
            settings=lambda name: (settings.RawSettings(RAW_BUCKET=name),),
        )
        self.playbooks = WorkBucket(
            self,
            "Playbooks",
            removal=self.removal,
            versioned=True,
            settings=lambda name: (settings.PlaybookSettings(PLAYBOOK_BUCKET=name),),
        )
        self.pages = WorkBucket(
            self,
            "Pages",
            removal=self.removal,
            expire=PAGE_LIFETIME,
            settings=lambda name: (
                settings.JourneySettings(PAGES_BUCKET=name),
                settings.ReplaySettings(PAGES_BUCKET=name),
            ),
        )
        self.lake_bucket = PrivateBucket(self, "Lake", removal=self.removal)
        self.lake_bucket.add_lifecycle_rule(prefix=RESULTS_PREFIX, expiration=RESULTS_LIFETIME)
        self._announce_received_mail()

    def _announce_received_mail(self) -> None:
        """Send a message for each new object below `in/`: a mail is tried again like other work.

        Set on the resource itself: `add_event_notification` of the CDK adds a function with the
        right to change every bucket.
        """
        allowed = self.received_mail.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("s3.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[self.received_mail.queue_arn],
                # The bucket's own ARN would make queue and bucket wait for each other.
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        bucket = self.raw.node.default_child
        assert isinstance(bucket, s3.CfnBucket)  # noqa: S101
        rules = s3.CfnBucket.S3KeyFilterProperty(
            rules=[s3.CfnBucket.FilterRuleProperty(name="prefix", value=RECEIVED_MAIL_PREFIX)]
        )
        bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            queue_configurations=[
                s3.CfnBucket.QueueConfigurationProperty(
                    event="s3:ObjectCreated:*",
                    queue=self.received_mail.queue_arn,
                    filter=s3.CfnBucket.NotificationFilterProperty(s3_key=rules),
                )
            ],
            # Files of rows start their flow themselves.
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(
                event_bridge_enabled=True
            ),
        )
        if allowed.policy_dependable:
            bucket.node.add_dependency(allowed.policy_dependable)

    def _people(self) -> cognito.UserPool:
        """The user pool of those who work with leads; a group a role."""
        pool = cognito.UserPool(
            self,
            "People",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_digits=True,
                require_lowercase=True,
                require_uppercase=True,
                require_symbols=True,
            ),
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            removal_policy=self.removal,
        )
        for role in ROLES:
            pool.add_group(f"Group{role.title()}", group_name=role)
        self.people_client = pool.add_client(
            "Client",
            auth_flows=cognito.AuthFlow(user_srp=True, admin_user_password=True),
            disable_o_auth=True,
            prevent_user_existence_errors=True,
        )
        return pool

    def _outputs(self) -> None:
        for name, value in {
            "TableName": self.table.table_name,
            "RawBucketName": self.raw.bucket_name,
            "PlaybookBucketName": self.playbooks.bucket_name,
            "PagesBucketName": self.pages.bucket_name,
            "LakeBucketName": self.lake_bucket.bucket_name,
            "LakeStreamName": self.lake.ref,
            "LakeDatabaseName": self.lake_table.database.ref,
            "LakeWorkGroupName": self.lake_table.work_group.ref,
            "SubmissionsQueueUrl": self.submissions.queue_url,
            "SignalsQueueUrl": self.signals.queue_url,
            "ReceivedMailQueueUrl": self.received_mail.queue_url,
            "DeliveriesQueueUrl": self.deliveries.queue_url,
            "SubmissionsDeadQueueUrl": self.submissions.dead.queue_url,
            "SignalsDeadQueueUrl": self.signals.dead.queue_url,
            "ReceivedMailDeadQueueUrl": self.received_mail.dead.queue_url,
            "DeliveriesDeadQueueUrl": self.deliveries.dead.queue_url,
            "UnrelayedDeadQueueUrl": self.unrelayed.queue_url,
            "ClaimsSecretArn": self.claims.secret_arn,
            "LinksSecretArn": self.links.secret_arn,
            "HookSecrets": self.hooks.prefix,
            "VendorSecrets": self.vendors.prefix,
            "UserPoolId": self.people.user_pool_id,
            "UserPoolClientId": self.people_client.user_pool_client_id,
        }.items():
            CfnOutput(self, name, value=value)
