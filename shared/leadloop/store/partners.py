"""Partners who may send leads by API, by the SHA-256 of their key. No key is stored here."""

from leadloop.model.base import Model
from leadloop.store import keys
from leadloop.store.items import Item, binary_attribute, version_of
from leadloop.store.table import Put, Table


class Partner(Model):
    """`source` is the id of a source of the playbook, by which what the partner sends is read."""

    source: str
    name: str


def get(table: Table, key_sha256: str) -> Partner | None:
    """The partner whose API key has this SHA-256 (hex), or None."""
    key = keys.partner(key_sha256)
    item = table.get([key]).get(key)
    return None if item is None else Partner.model_validate_json(binary_attribute(item, "body"))


def put(table: Table, key_sha256: str, partner: Partner) -> bool:
    """Register or rename a partner; False if another did so at the same moment."""
    key = keys.partner(key_sha256)
    stored = table.get([key]).get(key)
    before = None if stored is None else version_of(stored)
    body = partner.model_dump_json().encode()
    item: Item = {"pk": key.pk, "sk": key.sk, "version": (before or 0) + 1, "body": body}
    return not table.write_all([Put(item, before)])
