"""Where the system is that a command is for: the laptop's run, or AWS.

A command never changes its target silently. With a `.local/stack.json` in the folder it is for the
laptop's run, and says so; if that run is down, it stops and asks for `--aws`.
"""

import argparse
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from pydantic import BaseModel, ConfigDict

DATA, SERVICE = "LeadloopData", "LeadloopService"
RUN_FOLDER = Path(".local")
STACK_FILE = "stack.json"
LAPTOP_REGION = "us-east-1"
LAPTOP_KEY = "test"  # the one key that the embedded AWS takes for the root of its account
CONNECT_TIMEOUT = 2.0  # seconds
LAPTOP_CONFIG = Config(connect_timeout=5, read_timeout=90, retries={"max_attempts": 0})


class NoSystem(Exception):
    """There is no system to work on; the message says what to do."""


class RunAddresses(BaseModel):
    """The part of `stack.json` that commands need; `mail` is the folder of sent mails."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    endpoint: str
    region: str = LAPTOP_REGION
    mail: str
    table: str
    buckets: Mapping[str, str]
    usage_plan: str
    upkeep: str = ""  # the function that makes the hourly reports

    @classmethod
    def read(cls, path: Path) -> Self:
        """The addresses in a `stack.json`."""
        return cls.model_validate_json(path.read_text())

    @property
    def is_up(self) -> bool:
        """Does anything listen at the endpoint?"""
        place = urlsplit(self.endpoint)
        try:
            address = (place.hostname or "", place.port or 80)
            socket.create_connection(address, CONNECT_TIMEOUT).close()
        except OSError:
            return False
        return True


A = TypeVar("A", bound=RunAddresses)


class DeployedSystem(NamedTuple):
    """Names and clients of one deployed system; `label` says where it is."""

    label: str
    table: str
    playbook_bucket: str
    usage_plan: str
    upkeep: str
    laptop: RunAddresses | None = None

    def client(self, service: str) -> Any:  # noqa: ANN401  boto3 has a type for each service
        """A boto3 client of the account and region that the system is in."""
        if self.laptop is None:
            return boto3.Session().client(service)  # type: ignore[call-overload]
        session = boto3.Session(
            aws_access_key_id=LAPTOP_KEY,
            aws_secret_access_key=LAPTOP_KEY,
            region_name=self.laptop.region,
        )
        return session.client(  # type: ignore[call-overload]
            service, endpoint_url=self.laptop.endpoint, config=LAPTOP_CONFIG
        )


def add_system_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--stack DIR` and `--aws`, the two ways to name a system."""
    target = parser.add_mutually_exclusive_group()
    add_stack_argument(target)
    target.add_argument("--aws", action="store_true", help="the stacks in the shell's AWS account")


def add_stack_argument(
    parser: "argparse.ArgumentParser | argparse._MutuallyExclusiveGroup",
) -> None:
    """Add `--stack DIR`: the folder of a laptop's run."""
    parser.add_argument(
        "--stack",
        type=Path,
        metavar="DIR",
        help=f"the folder of another laptop run; without it {RUN_FOLDER}",
    )


def find_run(folder: Path | None) -> RunAddresses:
    """The addresses of a laptop's run, up or ended; None: of the run in this folder."""
    return read_run(folder or RUN_FOLDER, RunAddresses)


def read_run(folder: Path, kind: type[A]) -> A:
    """The addresses in `folder`, as far as `kind` has them.

    Raises:
        NoSystem: none was ever started there.

    """
    path = folder / STACK_FILE
    try:
        return kind.read(path)
    except FileNotFoundError:
        message = f"no run is up: {path} is missing; `make run` writes it"
        raise NoSystem(message) from None


def find_system(options: argparse.Namespace) -> DeployedSystem:
    """The system that the options name; it is told on standard error.

    Raises:
        NoSystem: the laptop's run is not there, or is down.

    """
    laptop = options.stack is not None or (RUN_FOLDER / STACK_FILE).exists()
    system = _on_aws() if options.aws or not laptop else _on_laptop(options.stack)
    print(f"→ {system.label}", file=sys.stderr)
    return system


def _on_laptop(folder: Path | None) -> DeployedSystem:
    run = find_run(folder)
    if not run.is_up:
        message = (
            f"the run of {folder or RUN_FOLDER} is down: start it by `make run`, "
            "or say `--aws` if the stacks on AWS are meant"
        )
        raise NoSystem(message)
    return DeployedSystem(
        label=f"the run on this machine, {run.endpoint}",
        table=run.table,
        playbook_bucket=run.buckets["playbook"],
        usage_plan=run.usage_plan,
        upkeep=run.upkeep,
        laptop=run,
    )


def _on_aws() -> DeployedSystem:
    cloudformation = boto3.Session().client("cloudformation")
    values: dict[str, str] = {}
    for name in (DATA, SERVICE):
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        values |= {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())}
    return DeployedSystem(
        label=f"the stacks {DATA} and {SERVICE} on AWS, {cloudformation.meta.region_name}",
        table=values["TableName"],
        playbook_bucket=values["PlaybookBucketName"],
        usage_plan=values["PartnerPlanId"],
        upkeep=values.get("UpkeepFunctionName", ""),
    )
