"""The environment variables of each function, typed; one definition for both sides.

Infra writes `TableSettings(LEAD_TABLE=table.table_name).environment()` (CDK tokens pass as
strings) and a function reads `TableSettings.from_env()`. So a misspelt or missing variable fails at
synth, and not in production. This file imports nothing of leadloop: infra may import it alone.
"""

import os
from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Base of every group of variables. Field names are the variables' names; values are text."""

    # A function has only a few of the groups: each is built when it is read.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def environment(self) -> dict[str, str]:
        """The variables, by name."""
        return {name: str(value) for name, value in self.model_dump().items()}

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        """The group as `env` has it.

        Raises:
            ValidationError: it names every variable that is missing.

        """
        return cls.model_validate({name: env[name] for name in cls.model_fields if name in env})


class TableSettings(Settings):
    """The one table, and the secret that is the pepper of its keys."""

    LEAD_TABLE: str
    CLAIMS_SECRET: str  # Secrets Manager id


class PlaybookSettings(Settings):
    """The bucket of published playbooks: `playbook/<version>.json` and `playbook/current.json`."""

    PLAYBOOK_BUCKET: str


class RawSettings(Settings):
    """The bucket of raw inbound bytes: `raw/<submission id>/…`, and `in/` for received mail."""

    RAW_BUCKET: str


class SubmissionsSettings(Settings):
    """The queue of submissions, whose messages are envelopes."""

    SUBMISSIONS_QUEUE: str  # URL


class SignalsSettings(Settings):
    """The queue of behaviour and mail events."""

    SIGNALS_QUEUE: str  # URL


class DeliveriesSettings(Settings):
    """The queue of deliveries that are ready."""

    DELIVERIES_QUEUE: str  # URL


class LakeSettings(Settings):
    """The Firehose stream that every event ends in."""

    LAKE_STREAM: str


class HookSettings(Settings):
    """The keys by which vendors sign their posts: a secret's id is this prefix and a name."""

    HOOK_SECRETS: str


class VendorSettings(Settings):
    """Our keys of vendors' APIs, by prefix and name, and the gateway to them."""

    VENDOR_SECRETS: str
    OUTBOUND_GATEWAY: str  # a gateway that is asked instead of each vendor; empty: none


class LinkSettings(Settings):
    """The key by which links are signed and verified."""

    LINKS_SECRET: str  # Secrets Manager id


class PublicSettings(Settings):
    """The address that links in mail begin with (no trailing slash)."""

    PUBLIC_URL: str


class JourneySettings(Settings):
    """The bucket of pages of work: `pages/` of the journey, `imports/` of files of rows."""

    PAGES_BUCKET: str


class ReplaySettings(Settings):
    """The same bucket, for `replays/` and `reports/`."""

    PAGES_BUCKET: str


class DoorLogsSettings(Settings):
    """The log groups in which doors log what they accepted, with commas between."""

    DOOR_LOGS: str


class AlarmSettings(Settings):
    """The SNS topic of every alarm."""

    ALARM_TOPIC: str  # ARN


class ReceivedMailSettings(Settings):
    """The queue of notices of each mail in the raw bucket."""

    RECEIVED_MAIL_QUEUE: str  # URL


class ReturnSettings(Settings):
    """How mails come home where SES receives them; empty where another program does."""

    MAIL_DOMAIN: str = ""  # of return paths
    CONFIGURATION_SET: str = ""  # by which SES reports what happens to a mail


class MailEventsSettings(Settings):
    """The SNS topic by which SES reports what happens to our mails."""

    MAIL_EVENTS_TOPIC: str = ""  # ARN; empty: no such report is believed
    OUTBOUND_GATEWAY: str = ""  # asked for the certificate instead of SNS; empty: none


class ReplayFlowSettings(Settings):
    """The state machine of replays."""

    REPLAY_FLOW: str  # ARN


class RegisterSettings(Settings):
    """The one table without its pepper, for the function that writes the register."""

    LEAD_TABLE: str


class CheckpointSettings(Settings):
    """The one table without its pepper, for the function that writes checkpoints of polls."""

    LEAD_TABLE: str


class ConsentSettings(Settings):
    """The one table without its pepper, for a door that may only write a stop."""

    LEAD_TABLE: str
