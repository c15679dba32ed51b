"""Keys of the one table: of entities as their references declare them, of all else as said here.

A value that identifies a person (an e-mail, a phone, an address, a Message-ID) enters a key only
as its HMAC-SHA256 under the deployment's pepper: whoever sees keys cannot try out addresses.
"""

import hmac
import zlib
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from leadloop.model.consent import SuppressionRef, address_digest
from leadloop.model.delivery import DeliveryRef
from leadloop.model.event import EntryRef
from leadloop.model.lead import RecordRef
from leadloop.model.reference import AnyRef

DUE_SHARDS = 8  # of the due index; more would be more queries per sweep
RECORD, ENTRY, DELIVERY = RecordRef.sort, EntryRef.sort, DeliveryRef.sort
REGISTER = "REGISTER#"
PAGE, RELEASED = "P#", "R#"  # of an import: rows with their outcome, and leads released
IMPORTS = "IMPORTS"  # the list of them
REGISTER_SHARDS = 8  # shards of the register, for the same reason
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
        return {Index.DUE: "due_shard", Index.WORKLIST: "worklist"}[self]

    @property
    def sort_key(self) -> str:
        """The attribute an index is sorted by."""
        return {Index.DUE: "due_at", Index.WORKLIST: "priority"}[self]


class Keys:
    """From reference to primary key; `pepper` must stay the same for the life of the table."""

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper

    def of(self, ref: AnyRef) -> Key:
        """The key of what `ref` refers to."""
        partition_end, sort_end = ref.key_ends(self._hmac_hex)
        return Key(ref.partition + partition_end, ref.sort + sort_end)

    def address_hash(self, address: str) -> str:
        """What an unsubscribe link carries, so that its door needs neither address nor pepper."""
        return address_digest(address, self._hmac_hex)

    def _hmac_hex(self, *parts: str) -> str:
        return hmac.digest(self._pepper, "\0".join(parts).encode(), "sha256").hex()


def record(record_id: str) -> Key:
    """A submission's record, and the lead it founds."""
    return Key(f"{RecordRef.partition}{record_id}", RECORD)


def suppression(address_hash: str, scope: str) -> Key:
    """A person's stop, by the hash of the address."""
    return Key(f"{SuppressionRef.partition}{address_hash}", scope)


def partner(key_sha256: str) -> Key:
    """A partner, by the SHA-256 (hex) of its API key."""
    return Key(f"PARTNER#{key_sha256}", "PARTNER")


def file_import(import_id: str) -> Key:
    """A file of rows on its way in; its pages lie beside it."""
    return Key(f"IMPORT#{import_id}", "IMPORT")


def page(import_id: str, number: int) -> Key:
    """What became of one page of a file's rows."""
    return Key(f"IMPORT#{import_id}", f"{PAGE}{number:06d}")


def released_page(import_id: str, number: int) -> Key:
    """How many leads of one page of a file's rows were released."""
    return Key(f"IMPORT#{import_id}", f"{RELEASED}{number:06d}")


def import_listing(import_id: str) -> Key:
    """An import's place in the list of all: ids sort by time."""
    return Key(IMPORTS, import_id)


def checkpoint(source: str) -> Key:
    """How far the polling of a source has come."""
    return Key(f"FEED#{source}", "FEED")


def lease(name: str) -> Key:
    """The right to run something alone."""
    return Key(f"LEASE#{name}", "LEASE")


def lead_id(key: Key) -> str:
    """The lead (or record) an item of `S#…` belongs to."""
    return key.pk.removeprefix(RecordRef.partition)


def delivery_id(key: Key) -> str | None:
    """The delivery an item is, or None when it is something else."""
    return key.sk.removeprefix(DELIVERY) if key.sk.startswith(DELIVERY) else None


def shard(lead_id: str) -> str:
    """The shard of the due index a lead and its deliveries wait in."""
    return shard_name(zlib.crc32(lead_id.encode()) % DUE_SHARDS)


def shard_name(number: int) -> str:
    """Shard `number`, 0 … SHARDS - 1."""
    return f"DUE#{number}"


def instant(at: datetime) -> str:
    """UTC with microseconds, of one width: text order is time order."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def register(shard: int) -> str:
    """Shard `shard` of the register, 0 … SHEETS - 1."""
    return f"{REGISTER}{shard}"


def sheet(first_at: datetime, first_id: str) -> Key:
    """The sheet of submissions of one hour that were told together, by the first of them."""
    return Key(
        register(zlib.crc32(first_id.encode()) % REGISTER_SHARDS), f"{instant(first_at)}#{first_id}"
    )


def hour(at: datetime) -> str:
    """The hour of an instant, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H")


def rep_list(rep: str) -> str:
    """The work list of a rep."""
    return f"REP#{rep}"


def queue_list(pool: str) -> str:
    """The work list of a pool's leads that nobody owns yet."""
    return f"QUEUE#{pool}"


def priority(total: int, since: datetime) -> str:
    """Sorts the highest score first, then the oldest; totals beyond ±49,999 are equal."""
    return f"{50_000 - max(-49_999, min(49_999, total)):05d}#{instant(since)}"


def question_priority(since: datetime) -> str:
    """Sorts before every score, who has waited longest first."""
    return f"{0:05d}#{instant(since)}"
