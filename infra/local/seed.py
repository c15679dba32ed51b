"""Gives a fresh system what it needs before the first lead.

That is a playbook, the partners' keys, a verified sender and an admin. Everything may be repeated:
a playbook that was published since stays live, unless the sample has changed; partners keep their
keys.
"""

from pathlib import Path

from infra.local import users, vendor_keys
from infra.local.aws import Aws
from infra.local.stack_file import StackFile
from leadloop.cli.partner import PartnerRegistry, add_partner
from leadloop.cli.playbook import put_assets
from leadloop.edge.clock import pause
from leadloop.edge.live_playbook import PlaybookStore
from leadloop.edge.versioned_objects import PREFIX
from leadloop.intake.policy import PartnerSource
from leadloop.playbook.load import load_playbook
from leadloop.playbook.model import Playbook
from leadloop.store.dynamodb import DynamoTable
from leadloop.store.keys import NO_PEPPER, Keys


def seed_system(aws: Aws, stack: StackFile, sample: Path) -> StackFile:
    """Seed the system; return the stack file with mail domain, partners' keys and token."""
    playbooks = PlaybookStore(aws.s3, stack.buckets["playbook"])
    draft = load_playbook(sample)
    put_assets(draft, sample, playbooks)
    playbook = _publish_if_new(aws, stack.buckets["playbook"], draft)
    vendor_keys.store(aws.secretsmanager, hooks=stack.hook_secrets, vendors=stack.vendor_secrets)
    aws.ses.verify_domain_identity(Domain=playbook.company.sender.rpartition("@")[2].rstrip(">"))
    return stack.but(
        smtp=stack.smtp.but(domain=playbook.company.drop_domain),
        partners=_create_partner_keys(aws, stack, playbook),
        admin=users.issue_token(aws, stack),
    )


def _publish_if_new(aws: Aws, bucket: str, sample: Playbook) -> Playbook:
    playbooks = PlaybookStore(aws.s3, bucket)
    name = f"{PREFIX}{sample.version}.json"
    existing = aws.s3.list_objects_v2(Bucket=bucket, Prefix=name).get("KeyCount", 0)
    if not existing:
        playbooks.publish(sample)
    return playbooks.live().playbook


def _create_partner_keys(aws: Aws, stack: StackFile, playbook: Playbook) -> dict[str, str]:
    """A key for each partner source of the playbook, under the source's name."""
    page = aws.apigateway.get_api_keys(includeValues=True, limit=500)
    keys = {key["name"]: key["value"] for key in page["items"]}
    # A partner's item is not hidden by the pepper, so that none is needed here.
    table = DynamoTable(aws.dynamodb, stack.table, Keys(NO_PEPPER), pause)
    registry = PartnerRegistry(aws.apigateway, stack.usage_plan, table)
    sources = [each.id for each in playbook.sources.values() if isinstance(each, PartnerSource)]
    return {name: keys.get(name) or add_partner(name, name, registry, playbook) for name in sources}
