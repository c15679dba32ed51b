"""`.local/stack.json`: all addresses of the running system, for people and outside checks."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from infra.local.deploy import Stack
from infra.local.ports import HOST, Ports
from leadloop.cli.stacks import RunAddresses


class Smtp(BaseModel):
    """The SMTP server that takes mail, on loopback, without encryption or login."""

    model_config = ConfigDict(frozen=True)

    host: str
    port: int
    domain: str = ""  # takes mail for this domain only

    def but(self, **changes: object) -> Self:
        return self.model_copy(update=changes)


class StackFile(RunAddresses):
    """Addresses, names and keys.

    `endpoint` is the embedded AWS. `partners` is name → API key, `admin` an ID token with the admin
    role, renewed while the system is up. `mail` is the folder of sent mails.
    """

    model_config = ConfigDict(frozen=True)

    api_url: str
    smtp: Smtp
    partners: Mapping[str, str] = {}
    admin: str = ""
    queues: Mapping[str, str]
    state_machines: Mapping[str, str]
    user_pool: str
    user_pool_client: str
    feeds: str = ""  # the function that polls
    hook_secrets: str = ""  # the prefix of the names of vendors' keys
    vendor_secrets: str = ""
    mail_events_topic: str = ""  # of the topic by which news of mails is believed
    sns_key: str = ""  # the file of the key that signs such news

    @classmethod
    def from_stacks(cls, stacks: Iterable[Stack], *, ports: Ports, mail: Path) -> Self:
        """The addresses that the stacks' outputs name.

        Raises:
            KeyError: an output is missing; it is named.

        """
        outputs: dict[str, str] = {}
        for stack in stacks:
            outputs |= stack.outputs
        gateway = f"http://{HOST}:{ports.gateway}"
        return cls(
            endpoint=gateway,
            api_url=f"{gateway}/_aws/execute-api/{outputs['ApiId']}/{outputs['ApiStage']}",
            smtp=Smtp(host=HOST, port=ports.mail_in),
            mail=str(mail.resolve()),
            table=outputs["TableName"],
            buckets=_outputs_by_suffix(outputs, "BucketName"),
            queues=_outputs_by_suffix(outputs, "QueueUrl"),
            state_machines={"journey": outputs["JourneyArn"], "imports": outputs["ImportsArn"]},
            user_pool=outputs["UserPoolId"],
            user_pool_client=outputs["UserPoolClientId"],
            mail_events_topic=outputs.get("MailEventsTopicArn", ""),
            usage_plan=outputs["PartnerPlanId"],
            feeds=outputs["FeedsFunctionName"],
            upkeep=outputs["UpkeepFunctionName"],
            hook_secrets=outputs["HookSecrets"],
            vendor_secrets=outputs["VendorSecrets"],
        )

    def but(self, **changes: object) -> Self:
        return self.model_copy(update=changes)

    def write(self, path: Path) -> None:
        """Write the file whole or not at all; it holds keys, so only its owner may read it."""
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
