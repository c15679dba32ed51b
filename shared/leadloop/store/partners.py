"""Who may send leads by API: a source, known by the SHA-256 of its key. The key is never here."""

from leadloop.model.base import Model
from leadloop.store import keys
from leadloop.store.items import Item, binary_attribute, version_of
from leadloop.store.table import Put, Table


class Partner(Model):
    """`source` is the playbook's; what the partner sends is judged by that section."""

    source: str
    name: str


def get(table: Table, key_sha256: str) -> Partner | None:
    """The partner whose API key has this SHA-256 (hex), or None."""
    key = keys.partner(key_sha256)
    item = table.get([key]).get(key)
    return None if item is None else Partner.model_validate_json(binary_attribute(item, "body"))


def put(table: Table, key_sha256: str, partner: Partner) -> bool:
    """Register or rename; False when somebody else did so at the same moment."""
    key = keys.partner(key_sha256)
    there = table.get([key]).get(key)
    before = None if there is None else version_of(there)
    body = partner.model_dump_json().encode()
    item: Item = {"pk": key.pk, "sk": key.sk, "version": (before or 0) + 1, "body": body}
    return not table.put_all([Put(item, before)])
