"""`.local/stack.json`: where everything of the running system is, for people and outside checks."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from infra.local.aws import REGION
from infra.local.deploy import Stack
from infra.local.ports import HOST, Ports


class Smtp(BaseModel):
    """The inbound drop: an SMTP server without encryption or login, on loopback."""

    model_config = ConfigDict(frozen=True)

    host: str
    port: int
    domain: str = ""  # takes mail for this domain only

    def but(self, **changes: object) -> Self:
        return self.model_copy(update=changes)


class StackFile(BaseModel):
    """Addresses, names and keys.

    `endpoint` is the embedded AWS. `partners` is name → API key, `admin` an ID token with the admin
    role, renewed while the system is up. `mail` is the folder of sent mails.
    """

    model_config = ConfigDict(frozen=True)

    endpoint: str
    region: str = REGION
    api_url: str
    smtp: Smtp
    mail: str
    partners: Mapping[str, str] = {}
    admin: str = ""
    table: str
    buckets: Mapping[str, str]
    queues: Mapping[str, str]
    state_machines: Mapping[str, str]
    user_pool: str
    user_pool_client: str
    usage_plan: str
    feeds: str = ""  # the function that polls
    hook_secrets: str = ""  # what the names of vendors' keys begin with
    vendor_secrets: str = ""

    @classmethod
    def from_stacks(cls, stacks: Iterable[Stack], *, ports: Ports, mail: Path) -> Self:
        """From the stacks' outputs; a missing one is a `KeyError` that names it."""
        said: dict[str, str] = {}
        for stack in stacks:
            said |= stack.outputs
        gateway = f"http://{HOST}:{ports.gateway}"
        return cls(
            endpoint=gateway,
            api_url=f"{gateway}/_aws/execute-api/{said['ApiId']}/{said['ApiStage']}",
            smtp=Smtp(host=HOST, port=ports.mail_in),
            mail=str(mail.resolve()),
            table=said["TableName"],
            buckets=_outputs_by_suffix(said, "BucketName"),
            queues=_outputs_by_suffix(said, "QueueUrl"),
            state_machines={"journey": said["JourneyArn"], "imports": said["ImportsArn"]},
            user_pool=said["UserPoolId"],
            user_pool_client=said["UserPoolClientId"],
            usage_plan=said["PartnerPlanId"],
            feeds=said["FeedsFunctionName"],
            hook_secrets=said["HookSecrets"],
            vendor_secrets=said["VendorSecrets"],
        )

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls.model_validate_json(path.read_text())

    def but(self, **changes: object) -> Self:
        return self.model_copy(update=changes)

    def write(self, path: Path) -> None:
        """Whole or not at all; it holds keys, so that only its owner may read it."""
        draft = path.with_suffix(".part")
        draft.touch(mode=0o600)
        draft.write_text(self.model_dump_json(indent=2) + "\n")
        draft.replace(path)


def _outputs_by_suffix(outputs: Mapping[str, str], suffix: str) -> dict[str, str]:
    """`SubmissionsDeadQueueUrl` → `submissions_dead`."""
    return {
        _snake(name.removesuffix(suffix)): value
        for name, value in outputs.items()
        if name.endswith(suffix)
    }


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).removeprefix("_")
