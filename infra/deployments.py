"""The deployments laptop, dev and prod: all that differs between them, as typed values."""

from dataclasses import dataclass, replace

from aws_cdk import Duration
from aws_cdk.aws_logs import RetentionDays

from infra.bundling.bundles import DEPLOY, HOST, Target


@dataclass(frozen=True, kw_only=True)
class FormLimits:
    """How many posts AWS WAF allows within five minutes; beyond them the answer is 429.

    Many people share one IP address, so `of_one_address` is no limit for one person.
    """

    of_one_address: int
    of_one_form: int


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One installation of the system."""

    name: str
    target: Target
    mail_domain: str | None  # SES receives its mail; None: another program fills `in/`
    alarm_email: str | None
    keep_data: bool  # deleting the stack leaves table, buckets, user pool and secrets
    log_retention: RetentionDays
    tracing: bool
    snap_start: bool  # doors start from a snapshot (Lambda SnapStart)
    door_concurrency: int | None  # runs of one door at once; None: the account's limit
    worker_concurrency: int | None  # the same of one worker
    stream_patience: Duration  # a record of the table's stream is tried so long, then set aside
    partner_rate: int  # calls a second of each API key
    partner_burst: int  # calls of each API key at the same moment
    form_limits: FormLimits | None  # None: no firewall stands before the API
    outbound_gateway: str = ""  # URL called in place of every vendor's; empty: none


LAPTOP = Deployment(
    name="laptop",
    target=HOST,
    mail_domain=None,
    alarm_email=None,
    keep_data=False,
    log_retention=RetentionDays.ONE_WEEK,
    tracing=False,
    snap_start=False,
    door_concurrency=8,
    worker_concurrency=2,
    stream_patience=Duration.minutes(2),
    partner_rate=50,
    partner_burst=100,
    form_limits=None,
    outbound_gateway="http://127.0.0.1:4626",
)

DEV = Deployment(
    name="dev",
    target=DEPLOY,
    mail_domain=None,
    alarm_email=None,
    keep_data=True,
    log_retention=RetentionDays.ONE_MONTH,
    tracing=True,
    snap_start=False,
    door_concurrency=None,
    worker_concurrency=None,
    stream_patience=Duration.hours(6),
    partner_rate=20,
    partner_burst=40,
    form_limits=FormLimits(of_one_address=100, of_one_form=3_000),
)

PROD = replace(
    DEV,
    name="prod",
    mail_domain="leads.example.com",
    alarm_email="operations@example.com",
    log_retention=RetentionDays.SIX_MONTHS,
    snap_start=True,
)

DEPLOYMENTS = {deployment.name: deployment for deployment in (LAPTOP, DEV, PROD)}
