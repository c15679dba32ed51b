"""What differs between a laptop, dev and prod: typed values here, no `if prod` anywhere else."""

from dataclasses import dataclass, replace

from aws_cdk import Duration
from aws_cdk.aws_logs import RetentionDays

from infra.bundling.bundles import DEPLOY, HOST, Target


@dataclass(frozen=True, kw_only=True)
class FormLimits:
    """Posts within five minutes; beyond them the answer is 429. Many people share one address."""

    of_one_address: int
    of_one_form: int


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One place the system runs in."""

    name: str
    target: Target
    mail_domain: str | None  # receives vendor mail by SES; None: something else fills `in/`
    alarm_email: str | None
    keep_data: bool  # a deleted stack leaves table, buckets, pool and keys behind
    log_retention: RetentionDays
    tracing: bool
    snap_start: bool  # doors answer from a snapshot
    door_concurrency: int | None  # at most so many at once; None: the account's limit
    worker_concurrency: int | None
    stream_patience: Duration  # how long relay tries a record before it is parked
    partner_rate: int  # calls a second over all partners' keys of the plan, each
    partner_burst: int
    form_limits: FormLimits | None  # None: nothing stands before the API that could count
    outbound_gateway: str = ""  # asked in vendors' stead; empty: each at its own address


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
