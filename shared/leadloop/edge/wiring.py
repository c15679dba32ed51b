"""The AWS clients, queues and secrets of a process, made from the settings of its environment.

Nothing is made before its first use. So a function pays only for what it uses, and needs only the
variables of what it uses.
"""

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from leadloop.edge.clock import pause
from leadloop.edge.queues import Lake, Queue
from leadloop.edge.signed_calls import SECRETS, HttpSession, SignedCalls
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
    from botocore.session import Session
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_s3 import S3Client
    from types_boto3_ses import SESClient
    from types_boto3_sns import SNSClient
    from types_boto3_stepfunctions import SFNClient

    from leadloop.store.documents import Documents

S = TypeVar("S", bound=Settings)
CONNECT_SECONDS, READ_SECONDS = 2, 10


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
        """For raw bytes, pages and what is published.

        It signs addresses by s3v4: the older way cannot serve a bucket with its own KMS key.
        """
        return cast("S3Client", self._client("s3", signature_version="s3v4"))

    @cached_property
    def pages(self) -> "Documents":
        """Pages of work, reports, and the documents of replays."""
        from leadloop.store.documents import Documents  # noqa: PLC0415  public doors need no store

        return Documents(self.s3, self.settings(JourneySettings).PAGES_BUCKET)

    @cached_property
    def ses(self) -> "SESClient":
        """For `deliver`, which sends mail.

        It never retries by itself: a mail whose answer was lost may have been sent.
        """
        return cast("SESClient", self._client("ses", tries=1))

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
        return Queue(self.signed_calls, self.settings(ReceivedMailSettings).RECEIVED_MAIL_QUEUE)

    @cached_property
    def submissions(self) -> Queue:
        """The queue of submissions: its messages are envelopes."""
        return Queue(self.signed_calls, self.settings(SubmissionsSettings).SUBMISSIONS_QUEUE)

    @cached_property
    def signals(self) -> Queue:
        """The queue of behaviour and mail events."""
        return Queue(self.signed_calls, self.settings(SignalsSettings).SIGNALS_QUEUE)

    @cached_property
    def deliveries(self) -> Queue:
        """The queue of deliveries that are ready."""
        return Queue(self.signed_calls, self.settings(DeliveriesSettings).DELIVERIES_QUEUE)

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
        return str(
            self.signed_calls.call(SECRETS, "GetSecretValue", {"SecretId": secret_id})[
                "SecretString"
            ]
        )

    @cached_property
    def signed_calls(self) -> SignedCalls:
        """For what every door and worker does: to queue, to read an object, to read a secret."""
        return SignedCalls(self._http, pause)

    @cached_property
    def _http(self) -> HttpSession:
        from botocore.httpsession import URLLib3Session  # noqa: PLC0415  tests need none

        timeout: Any = (CONNECT_SECONDS, READ_SECONDS)  # as botocore's clients give it
        return URLLib3Session(timeout=timeout)

    @cached_property
    def _session(self) -> "Session":
        from botocore.session import get_session  # noqa: PLC0415  public doors need no clients

        return get_session()

    def _client(self, service: str, *, tries: int = 3, **settings: Any) -> Any:  # noqa: ANN401 - typed by who asks
        """A botocore client: boto3 would load S3 transfers, which are not used, at each start."""
        from botocore.config import Config  # noqa: PLC0415  as above

        config = Config(
            retries={"mode": "standard", "total_max_attempts": tries},
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            parameter_validation=False,  # AWS checks them itself; here it is a tenth of all work
            user_agent="leadloop",  # its own describes the machine anew for each call
            **settings,
        )
        return self._session.create_client(service, config=config)


@cache
def get_wiring() -> Wiring:
    """The wiring of this process."""
    return Wiring()
