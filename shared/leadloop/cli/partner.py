"""`leadloop partner add NAME --source ID`: a partner's API key, made, shown once, registered.

The gateway keeps the key for its usage plan; our table keeps its SHA-256 only. Nothing else keeps
it, so a lost key is replaced by another `add`.
"""

import argparse
import hashlib
import secrets
import sys
from typing import TYPE_CHECKING, NamedTuple

import boto3

from leadloop.cli.stacks import DATA, SERVICE, outputs
from leadloop.edge.clock import pause
from leadloop.edge.live_playbook import PlaybookStore
from leadloop.intake.policy import PartnerSource
from leadloop.model.errors import PlaybookInvalid
from leadloop.playbook.model import Playbook
from leadloop.store import partners
from leadloop.store.dynamodb import DynamoTable
from leadloop.store.keys import NO_PEPPER, Keys
from leadloop.store.partners import Partner
from leadloop.store.table import Table

if TYPE_CHECKING:
    from types_boto3_apigateway import APIGatewayClient

KEY_BYTES = 24  # 192 bits, 48 characters; the gateway takes 20 to 128


class NotAdded(Exception):
    """The partner was not added; the message says why."""


class PartnerRegistry(NamedTuple):
    """Where partners are registered: the gateway's usage plan and our table."""

    apigateway: "APIGatewayClient"
    plan_id: str
    table: Table


def add_partner(name: str, source: str, place: PartnerRegistry, playbook: Playbook) -> str:
    """The new key, good from now on.

    Raises:
        NotAdded: the playbook lists no such partner source, or the table lost a race.

    """
    known = [each.id for each in playbook.sources.values() if isinstance(each, PartnerSource)]
    if source not in known:
        message = f"the live playbook has no partner source “{source}”; it has {', '.join(known)}"
        raise NotAdded(message)
    key = secrets.token_hex(KEY_BYTES)
    made = place.apigateway.create_api_key(name=name, value=key, enabled=True)
    place.apigateway.create_usage_plan_key(
        usagePlanId=place.plan_id, keyId=made["id"], keyType="API_KEY"
    )
    sha256 = hashlib.sha256(key.encode()).hexdigest()
    if not partners.put(place.table, sha256, Partner(source=source, name=name)):
        raise NotAdded("the table was written at the same moment; try again")
    return key


def install(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser("partner", help="partners and their API keys")
    does = verb.add_subparsers(required=True, metavar="ACTION")
    adds = does.add_parser("add", help="make a key, show it once, register it")
    adds.add_argument("name", help="what people call the partner")
    adds.add_argument("--source", required=True, help="its source in the live playbook")
    adds.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Only the key goes to standard output, so that a script may take it."""
    data, service = outputs(DATA), outputs(SERVICE)
    # A partner's item is not hidden by the pepper, so that none is needed here.
    table = DynamoTable(boto3.client("dynamodb"), data["TableName"], Keys(NO_PEPPER), pause)
    place = PartnerRegistry(boto3.client("apigateway"), service["PartnerPlanId"], table)
    playbooks = PlaybookStore(boto3.client("s3"), data["PlaybookBucketName"])
    try:
        key = add_partner(arguments.name, arguments.source, place, playbooks.live().playbook)
    except (NotAdded, PlaybookInvalid) as error:
        print(f"{arguments.name} was not added: {error}", file=sys.stderr)
        return 1
    print(f"{arguments.name} sends as {arguments.source}; the key, shown once:", file=sys.stderr)
    print(key)
    return 0
