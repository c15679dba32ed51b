"""The AWS clients, queues and secrets of a process, made from the settings of its environment.

Nothing is made before its first use. So a function pays only for what it uses, and needs only the
variables of what it uses.
"""

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from botocore.config import Config
from botocore.session import Session, get_session

from leadloop.edge.queues import Lake, Queue
from leadloop.settings import (
    DeliveriesSettings,
    JourneySettings,
    LakeSettings,
    LinkSettings,
    PublicSettings,
    RawSettings,
    ReceivedMailSettings,
    Settings,
    SignalsSettings,
    SubmissionsSettings,
)

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_ses import SESClient
    from types_boto3_sns import SNSClient
    from types_boto3_sqs import SQSClient
    from types_boto3_stepfunctions import SFNClient

    from leadloop.store.documents import Documents

S = TypeVar("S", bound=Settings)
# Botocore's own describes the machine, anew for each call: a sixth of its work.
USER_AGENT = "leadloop"
RETRY_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 3},
    connect_timeout=2,
    read_timeout=10,
    user_agent=USER_AGENT,
)
# For addresses that we sign: the older signature cannot serve a bucket with its own KMS key.
SIGNING_CONFIG = RETRY_CONFIG.merge(Config(signature_version="s3v4"))
# A mail whose answer was lost may have been sent: the SDK must not send it a second time.
NO_RETRY_CONFIG = Config(
    retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=10, user_agent=USER_AGENT
)


class Wiring:
    """The clients, queues and secrets of one process; tests make one per test."""

    def __init__(self) -> None:
        self._secrets: dict[str, bytes] = {}

    def settings(self, group: type[S]) -> S:
        """A group of settings from the environment.

        Raises:
            ValidationError: it names every variable that is missing.

        """
        return group.from_env()

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """For the one table."""
        return cast("DynamoDBClient", self._client("dynamodb"))

    @cached_property
    def s3(self) -> "S3Client":
        """For raw bytes, playbooks and pages."""
        return cast("S3Client", self._client("s3", SIGNING_CONFIG))

    @cached_property
    def pages(self) -> "Documents":
        """Pages of work, reports, and the documents of replays."""
        from leadloop.store.documents import Documents  # noqa: PLC0415  public doors need no store

        return Documents(self.s3, self.settings(JourneySettings).PAGES_BUCKET)

    @cached_property
    def ses(self) -> "SESClient":
        """For `deliver`, which sends mail; never retries by itself."""
        return cast("SESClient", self._client("ses", NO_RETRY_CONFIG))

    @cached_property
    def step_functions(self) -> "SFNClient":
        """For flows that are started by a call."""
        return cast("SFNClient", self._client("stepfunctions"))

    @cached_property
    def logs(self) -> "CloudWatchLogsClient":
        """For the log lines of what doors accepted."""
        return cast("CloudWatchLogsClient", self._client("logs"))

    @cached_property
    def sns(self) -> "SNSClient":
        """For alarms in words."""
        return cast("SNSClient", self._client("sns"))

    @cached_property
    def received_mail(self) -> Queue:
        """The queue that announces received mails."""
        return Queue(self._sqs, self.settings(ReceivedMailSettings).RECEIVED_MAIL_QUEUE)

    @cached_property
    def submissions(self) -> Queue:
        """The queue of submissions: its messages are envelopes."""
        return Queue(self._sqs, self.settings(SubmissionsSettings).SUBMISSIONS_QUEUE)

    @cached_property
    def signals(self) -> Queue:
        """The queue of behaviour and mail events."""
        return Queue(self._sqs, self.settings(SignalsSettings).SIGNALS_QUEUE)

    @cached_property
    def deliveries(self) -> Queue:
        """The queue of deliveries that are ready."""
        return Queue(self._sqs, self.settings(DeliveriesSettings).DELIVERIES_QUEUE)

    @cached_property
    def lake(self) -> Lake:
        """The lake, where every event ends."""
        return Lake(self._client("firehose"), self.settings(LakeSettings).LAKE_STREAM)

    @property
    def raw_bucket(self) -> str:
        """The bucket of raw inbound bytes."""
        return self.settings(RawSettings).RAW_BUCKET

    @property
    def public_url(self) -> str:
        """The address that links in mail begin with, without a trailing slash."""
        return self.settings(PublicSettings).PUBLIC_URL

    @property
    def links_secret(self) -> bytes:
        """The key by which links are signed and verified."""
        return self.secret(self.settings(LinkSettings).LINKS_SECRET)

    def secret(self, secret_id: str) -> bytes:
        """A secret's text as UTF-8, read once per process."""
        if secret_id not in self._secrets:
            self._secrets[secret_id] = self.read_secret(secret_id).encode()
        return self._secrets[secret_id]

    def read_secret(self, secret_id: str) -> str:
        """A secret's text as it is now.

        Raises:
            ClientError: there is no such secret, or it cannot be read.

        """
        return str(self._secretsmanager.get_secret_value(SecretId=secret_id)["SecretString"])

    @cached_property
    def _secretsmanager(self) -> "SecretsManagerClient":
        return cast("SecretsManagerClient", self._client("secretsmanager"))

    @cached_property
    def _sqs(self) -> "SQSClient":
        return cast("SQSClient", self._client("sqs"))

    @cached_property
    def _session(self) -> Session:
        return get_session()

    def _client(self, service: str, config: Config = RETRY_CONFIG) -> Any:  # noqa: ANN401 - typed by who asks
        """A botocore client: boto3 would load S3 transfers, which are not used, at each start."""
        return self._session.create_client(service, config=config)


@cache
def get_wiring() -> Wiring:
    """The wiring of this process."""
    return Wiring()
