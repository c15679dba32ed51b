"""What must not be lost.

The table, raw bytes, playbooks, the lake, keys, people, and every queue, since an undelivered
lead is data. May be updated, never deleted with what it holds.
"""

from aws_cdk import Aws, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.deployments import Deployment
from infra.kit.alarms import Alarms
from infra.kit.function import WORKER_TIMEOUT
from infra.kit.queue import DeadLetters, WorkQueue

ROLES = ("admin", "manager", "sales", "marketing")
RECEIVED_MAIL_PREFIX = "in/"  # mail and files as they came
PAGES = "pages/"  # references the journey works through, and forgets


class DataStack(Stack):
    """Outputs are the names by which the laptop run and operators find things."""

    def __init__(self, scope: Construct, construct_id: str, *, deployment: Deployment) -> None:
        super().__init__(scope, construct_id)
        self.removal = RemovalPolicy.RETAIN if deployment.keep_data else RemovalPolicy.DESTROY
        self.alarms = Alarms(self, "Alarms", email=deployment.alarm_email)
        self.table = self._table()
        self._queues()
        self._buckets()
        self.lake = self._lake()
        self.claims = self._secret("ClaimsSecret", "keys the HMAC of identity claims")
        self.links = self._secret("LinksSecret", "signs the links in mails")
        # Operators store these by name; a playbook says which it needs.
        self.hook_secrets = f"{self.stack_name}/hooks/"
        self.vendor_secrets = f"{self.stack_name}/vendors/"
        self.outbound_gateway = deployment.outbound_gateway
        self.people = self._people()
        self._outputs()

    def _table(self) -> dynamodb.Table:
        text = dynamodb.AttributeType.STRING
        table = dynamodb.Table(
            self,
            "Leads",
            partition_key=dynamodb.Attribute(name="pk", type=text),
            sort_key=dynamodb.Attribute(name="sk", type=text),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            stream=dynamodb.StreamViewType.NEW_IMAGE,
            time_to_live_attribute="ttl",
            deletion_protection=self.removal is RemovalPolicy.RETAIN,
            removal_policy=self.removal,
        )
        for index, pk, sk, shown in (
            ("due", "due_shard", "due_at", "due_kind"),
            ("worklist", "worklist", "priority", "card"),
        ):
            table.add_global_secondary_index(
                index_name=index,
                partition_key=dynamodb.Attribute(name=pk, type=text),
                sort_key=dynamodb.Attribute(name=sk, type=text),
                projection_type=dynamodb.ProjectionType.INCLUDE,
                non_key_attributes=[shown],
            )
        return table

    def _queues(self) -> None:
        self.submissions = self._queue("Submissions")
        self.signals = self._queue("Signals")
        self.received_mail = self._queue("ReceivedMail")
        self.deliveries = self._queue("Deliveries")
        self.unrelayed = DeadLetters(
            self,
            "UnrelayedDead",
            alarms=self.alarms,
            visibility=Duration.seconds(6 * WORKER_TIMEOUT.to_seconds()),
        )
        work = (self.submissions, self.signals, self.received_mail, self.deliveries)
        self.dead: tuple[sqs.IQueue, ...] = (*(queue.dead for queue in work), self.unrelayed)

    def _queue(self, construct_id: str) -> WorkQueue:
        return WorkQueue(self, construct_id, alarms=self.alarms, worker_timeout=WORKER_TIMEOUT)

    def _buckets(self) -> None:
        self.raw = self._bucket("Raw", versioned=True)
        self.playbooks = self._bucket("Playbooks", versioned=True)
        self.pages = self._bucket("Pages", expire=Duration.days(7))
        self.lake_bucket = self._bucket("Lake")
        self._announce_received_mail()

    def _bucket(
        self, construct_id: str, *, versioned: bool = False, expire: Duration | None = None
    ) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            construct_id,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            versioned=versioned,
            removal_policy=self.removal,
        )
        bucket.add_lifecycle_rule(
            abort_incomplete_multipart_upload_after=Duration.days(7), expiration=expire
        )
        return bucket

    def _announce_received_mail(self) -> None:
        """Each object below `in/` becomes a message, so that a mail is tried again like other work.

        Set on the resource itself: the library's own way adds a function with the right to change
        every bucket.
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

    def _lake(self) -> firehose.CfnDeliveryStream:
        """One JSON line an event, by day. May add objects to the lake, and nothing else."""
        role = iam.Role(self, "LakeRole", assumed_by=iam.ServicePrincipal("firehose.amazonaws.com"))
        for actions, resource in (
            (["s3:PutObject", "s3:AbortMultipartUpload"], self.lake_bucket.arn_for_objects("*")),
            (["s3:ListBucketMultipartUploads"], self.lake_bucket.bucket_arn),
        ):
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
        stream = firehose.CfnDeliveryStream(
            self,
            "LakeStream",
            delivery_stream_encryption_configuration_input=(
                firehose.CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty(
                    key_type="AWS_OWNED_CMK"
                )
            ),
            extended_s3_destination_configuration=(
                firehose.CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty(
                    bucket_arn=self.lake_bucket.bucket_arn,
                    role_arn=role.role_arn,
                    prefix="events/day=!{timestamp:yyyy-MM-dd}/",
                    error_output_prefix="failed/!{firehose:error-output-type}/",
                    buffering_hints=firehose.CfnDeliveryStream.BufferingHintsProperty(
                        interval_in_seconds=60, size_in_m_bs=5
                    ),
                )
            ),
        )
        stream.node.add_dependency(role)
        return stream

    def _secret(self, construct_id: str, what: str) -> secretsmanager.Secret:
        return secretsmanager.Secret(
            self,
            construct_id,
            description=what,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=64, exclude_punctuation=True
            ),
            removal_policy=self.removal,
        )

    def _people(self) -> cognito.UserPool:
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
            "HookSecrets": self.hook_secrets,
            "VendorSecrets": self.vendor_secrets,
            "UserPoolId": self.people.user_pool_id,
            "UserPoolClientId": self.people_client.user_pool_client_id,
        }.items():
            CfnOutput(self, name, value=value)
