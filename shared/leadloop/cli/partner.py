"""`leadloop partner add NAME --source ID`: makes a partner's API key and registers it.

The gateway keeps the key for its usage plan; our table keeps its SHA-256 only. The key is printed
once and stored nowhere else, so a lost key is replaced by another `add`.
"""

import argparse
import hashlib
import secrets
import sys
from typing import TYPE_CHECKING, NamedTuple

from leadloop.cli.stacks import add_system_arguments, find_system
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


def add_partner(name: str, source: str, registry: PartnerRegistry, playbook: Playbook) -> str:
    """Make and register a key, and return it; it is valid at once.

    Raises:
        NotAdded: the playbook has no such partner source, or another command wrote at once.

    """
    known = [each.id for each in playbook.sources.values() if isinstance(each, PartnerSource)]
    if source not in known:
        message = f"the live playbook has no partner source “{source}”; it has {', '.join(known)}"
        raise NotAdded(message)
    key = secrets.token_hex(KEY_BYTES)
    api_key = registry.apigateway.create_api_key(name=name, value=key, enabled=True)
    registry.apigateway.create_usage_plan_key(
        usagePlanId=registry.plan_id, keyId=api_key["id"], keyType="API_KEY"
    )
    sha256 = hashlib.sha256(key.encode()).hexdigest()
    if not partners.put(registry.table, sha256, Partner(source=source, name=name)):
        raise NotAdded("the table was written at the same moment; try again")
    return key


def install(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser("partner", help="partners and their API keys")
    does = verb.add_subparsers(required=True, metavar="ACTION")
    adds = does.add_parser("add", help="make a key, show it once, register it")
    adds.add_argument("name", help="what people call the partner")
    adds.add_argument("--source", required=True, help="its source in the live playbook")
    add_system_arguments(adds)
    adds.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the key alone on standard output, so that a script may take it.

    Raises:
        NoSystem: there is no system to add the partner to.

    """
    system = find_system(options)
    # A partner's item is not hidden by the pepper, so that none is needed here.
    table = DynamoTable(system.client("dynamodb"), system.table, Keys(NO_PEPPER), pause)
    registry = PartnerRegistry(system.client("apigateway"), system.usage_plan, table)
    playbooks = PlaybookStore(system.client("s3"), system.playbook_bucket)
    try:
        key = add_partner(options.name, options.source, registry, playbooks.live().playbook)
    except (NotAdded, PlaybookInvalid) as error:
        print(f"{options.name} was not added: {error}", file=sys.stderr)
        return 1
    print(f"{options.name} sends as {options.source}; the key, shown once:", file=sys.stderr)
    print(key)
    return 0
