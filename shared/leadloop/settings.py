"""What each function is told by its environment, typed; one definition for both sides.

Infra writes `TableSettings(LEAD_TABLE=table.table_name).environment()` (CDK tokens pass as
strings) and a function reads `TableSettings.from_env()`, so that a misspelt or missing variable
fails at synth and not at three in the morning. This file imports nothing of leadloop: it is all
that infra may import.
"""

import os
from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Base of every group of variables: names are the environment's own, values are text."""

    # A function is told a few of the groups: only those are built, when they are read.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def environment(self) -> dict[str, str]:
        """The variables as infra writes them."""
        return {name: str(value) for name, value in self.model_dump().items()}

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Read this group; pydantic names every variable that is missing."""
        return cls.model_validate({name: env[name] for name in cls.model_fields if name in env})


class TableSettings(Settings):
    """The one table, and the secret that keys the identity claims' HMAC."""

    LEAD_TABLE: str
    CLAIMS_SECRET: str  # Secrets Manager id


class PlaybookSettings(Settings):
    """Where published playbooks lie: `playbook/<version>.json` and `playbook/current.json`."""

    PLAYBOOK_BUCKET: str


class RawSettings(Settings):
    """Raw inbound bytes: `raw/<submission id>` and `in/` for received mail."""

    RAW_BUCKET: str


class SubmissionsSettings(Settings):
    """The queue whose messages are the raw record of a submission."""

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
    """What vendors prove their posts with: this prefix and a name are a secret's."""

    HOOK_SECRETS: str


class VendorSettings(Settings):
    """What opens vendors' APIs to us, by prefix and name, and the way out to them."""

    VENDOR_SECRETS: str
    OUTBOUND_GATEWAY: str  # asked in everybody's stead, if there is one


class LinkSettings(Settings):
    """What signed links are made and checked with."""

    LINKS_SECRET: str  # Secrets Manager id


class PublicSettings(Settings):
    """The address that links in mail begin with (no trailing slash)."""

    PUBLIC_URL: str


class JourneySettings(Settings):
    """The bucket the journey's pages of due references are written to, below `pages/`."""

    PAGES_BUCKET: str


class ReplaySettings(Settings):
    """The bucket a replay's papers are kept in, below `replays/`."""

    PAGES_BUCKET: str


class DoorLogsSettings(Settings):
    """The log groups in which doors say what they took, with commas between."""

    DOOR_LOGS: str


class AlarmSettings(Settings):
    """The topic that every alarm tells."""

    ALARM_TOPIC: str  # ARN


class ReceivedMailSettings(Settings):
    """The queue that announces each mail in the raw bucket."""

    RECEIVED_MAIL_QUEUE: str  # URL


class ReplayFlowSettings(Settings):
    """The state machine that replays."""

    REPLAY_FLOW: str  # ARN


class RegisterSettings(Settings):
    """The one table again, for who keeps its register and nothing else."""

    LEAD_TABLE: str


class CheckpointSettings(Settings):
    """The one table again, for who keeps how far its polling has come and nothing else."""

    LEAD_TABLE: str


class ConsentSettings(Settings):
    """The one table again, for a door that may touch a person's consent and nothing else."""

    LEAD_TABLE: str
