"""Keys of the one table: of entities as their references declare them, of all else as said here.

A value that identifies a person (an e-mail, a phone, an address, a Message-ID) enters a key only
as its HMAC-SHA256 under the deployment's pepper, so that no one who sees keys can try addresses.

Source: RFC 2104.
"""

import hmac
import zlib
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from leadloop.model.consent import SuppressionRef, address_digest
from leadloop.model.delivery import DeliveryRef
from leadloop.model.event import EntryRef
from leadloop.model.further_lead import LineRef
from leadloop.model.lead import RecordRef
from leadloop.model.lead_id import further_lead_id
from leadloop.model.reference import AnyRef

DUE_SHARDS = 8  # of the due index; each costs the sweep a query
RECORD, ENTRY, DELIVERY = RecordRef.sort, EntryRef.sort, DeliveryRef.sort
REGISTER = "REGISTER#"
PAGE, RELEASED = "P#", "R#"  # of an import: pages whose rows are decided, and leads released
IMPORTS = "IMPORTS"  # the list of them
REGISTER_SHARDS = 8  # of the register; each costs a reader a query
NO_PEPPER = b""  # for a process that spells no key of a person
QUARANTINE = "QUARANTINE"  # the work list of what a person must look at


class Key(NamedTuple):
    """Primary key of an item."""

    pk: str
    sk: str


class Index(StrEnum):
    """The two sparse indexes, by name."""

    DUE = "due"
    WORKLIST = "worklist"

    @property
    def hash_key(self) -> str:
        """The attribute an index is partitioned by."""
        return "due_shard" if self is Index.DUE else "worklist"

    @property
    def sort_key(self) -> str:
        """The attribute an index is sorted by."""
        return "due_at" if self is Index.DUE else "priority"


class Keys:
    """The primary key of a reference; `pepper` must stay the same for the life of the table."""

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper

    def of(self, ref: AnyRef) -> Key:
        """The key of what `ref` refers to."""
        partition_end, sort_end = ref.key_ends(self._hmac_hex)
        return Key(ref.partition + partition_end, ref.sort + sort_end)

    def address_hash(self, address: str) -> str:
        """The HMAC of an address, as hex.

        An unsubscribe link carries it, so that its door needs neither address nor pepper.
        """
        return address_digest(address, self._hmac_hex)

    def _hmac_hex(self, *parts: str) -> str:
        return hmac.digest(self._pepper, "\0".join(parts).encode(), "sha256").hex()


def record(record_id: str) -> Key:
    """The key of a submission's record, which is also that of the lead it founds."""
    return Key(f"{RecordRef.partition}{record_id}", RECORD)


def suppression(address_hash: str, scope: str) -> Key:
    """The key of a stop, by the hash of the address."""
    return Key(f"{SuppressionRef.partition}{address_hash}", scope)


def partner(key_sha256: str) -> Key:
    """The key of a partner, by the SHA-256 (hex) of its API key."""
    return Key(f"PARTNER#{key_sha256}", "PARTNER")


def file_import(import_id: str) -> Key:
    """The key of an import; its pages lie in the same partition."""
    return Key(f"IMPORT#{import_id}", "IMPORT")


def page(import_id: str, number: int) -> Key:
    """The key of the count of one page of an import."""
    return Key(f"IMPORT#{import_id}", f"{PAGE}{number:06d}")


def released_page(import_id: str, number: int) -> Key:
    """The key of the count of the leads that one page of an import has released."""
    return Key(f"IMPORT#{import_id}", f"{RELEASED}{number:06d}")


def import_listing(import_id: str) -> Key:
    """The key of an import in the list of all; ids sort by time."""
    return Key(IMPORTS, import_id)


def checkpoint(source: str) -> Key:
    """The key of a source's checkpoint."""
    return Key(f"FEED#{source}", "FEED")


def lease(name: str) -> Key:
    """The key of a lease."""
    return Key(f"LEASE#{name}", "LEASE")


def lead_id(key: Key) -> str:
    """The id of the lead, record or person that an item of an `S#…` partition belongs to."""
    person_id = key.pk.removeprefix(RecordRef.partition)
    if not key.sk.startswith(LineRef.sort):
        return person_id
    return further_lead_id(person_id, key.sk.removeprefix(LineRef.sort))


def delivery_id(key: Key) -> str | None:
    """The id of the delivery at `key`, or None if something else lies there."""
    return key.sk.removeprefix(DELIVERY) if key.sk.startswith(DELIVERY) else None


def shard(lead_id: str) -> str:
    """The shard of the due index that a lead and its deliveries wait in."""
    return shard_name(zlib.crc32(lead_id.encode()) % DUE_SHARDS)


def shard_name(number: int) -> str:
    """The shard of that number, 0 … `DUE_SHARDS` - 1."""
    return f"DUE#{number}"


def instant(at: datetime) -> str:
    """The moment in UTC with microseconds. All have one width: text order is time order."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def register(shard: int) -> str:
    """The partition of a shard of the register, 0 … `REGISTER_SHARDS` - 1."""
    return f"{REGISTER}{shard}"


def sheet(first_at: datetime, first_id: str) -> Key:
    """The key of a sheet of the register, by the first submission on it."""
    return Key(
        register(zlib.crc32(first_id.encode()) % REGISTER_SHARDS), f"{instant(first_at)}#{first_id}"
    )


def hour(at: datetime) -> str:
    """The hour of a moment in UTC, such as `2026-03-02T09`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H")


def rep_list(rep: str) -> str:
    """The partition of a rep's work list."""
    return f"REP#{rep}"


def queue_list(pool: str) -> str:
    """The partition of the work list of a pool's leads without an owner."""
    return f"QUEUE#{pool}"


def priority(total: int, since: datetime) -> str:
    """A sort key by which the highest score comes first, then the oldest.

    Totals beyond ±49,999 are equal.
    """
    return f"{50_000 - max(-49_999, min(49_999, total)):05d}#{instant(since)}"


def question_priority(since: datetime) -> str:
    """A sort key that comes before every score; the longest wait first."""
    return f"{0:05d}#{instant(since)}"
