"""Lists for people and for the clock: a timeline, a work list, what is due.

A page is one query. Its cursor is an opaque token; a token of another list is refused.
"""

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from leadloop.model.base import Reason
from leadloop.model.delivery import Delivery
from leadloop.model.due import Due
from leadloop.model.errors import FieldsInvalid
from leadloop.model.event import TimelineEntry
from leadloop.model.lead import TimerKind
from leadloop.model.lead_id import person_of
from leadloop.model.reference import Entity
from leadloop.store import keys
from leadloop.store.items import (
    DUE_KEY_MARK,
    Card,
    Item,
    card_of,
    key_of,
    text_attribute,
    to_entity,
)
from leadloop.store.keys import Index
from leadloop.store.table import Cursor, ItemPage, Range, Table, key_attributes

MOST_ROWS_READ = 2_000  # rows of a list, to fill one page of those that match a filter
T = TypeVar("T")
E = TypeVar("E", bound=Entity)


class Page(NamedTuple, Generic[T]):
    """Some rows of a list; `cursor` asks for the rest, and is None at its end."""

    rows: tuple[T, ...]
    cursor: str | None


def timeline(
    table: Table, lead_id: str, limit: int, cursor: str | None = None, *, fresh: bool = False
) -> Page[TimelineEntry]:
    """What happened to the person of a lead, in all lines, newest first; entries name their lead.

    What founded the first lead stands in its record.

    `fresh` sees what was committed just now, at twice the price.

    Raises:
        FieldsInvalid: `cursor` is not one of this list; so of all lists here.

    """
    rows = Range(keys.record(person_of(lead_id)).pk, begins=keys.ENTRY, backwards=True, fresh=fresh)
    return _page(table, rows, limit, cursor, _entity_reader(TimelineEntry))


def deliveries(table: Table, lead_id: str, limit: int, cursor: str | None = None) -> Page[Delivery]:
    """The deliveries of the person of a lead, of every state; each names its lead."""
    rows = Range(keys.record(person_of(lead_id)).pk, begins=keys.DELIVERY)
    return _page(table, rows, limit, cursor, _entity_reader(Delivery))


def rep_list(table: Table, rep: str, limit: int, cursor: str | None = None) -> Page[Card]:
    """A rep's open leads: highest score first, then the oldest."""
    return _page(table, Range(keys.rep_list(rep), Index.WORKLIST), limit, cursor, card_of)


def queue_list(table: Table, pool: str, limit: int, cursor: str | None = None) -> Page[Card]:
    """A pool's leads without an owner: highest score first, then the oldest."""
    return _page(table, Range(keys.queue_list(pool), Index.WORKLIST), limit, cursor, card_of)


def worklist_order(card: Card) -> tuple[bool, str, int, datetime]:
    """Sort key for cards of several work lists: the order of the index."""
    return not card.asked, card.asked, -card.score, card.at


class QuarantineFilter(NamedTuple):
    """A filter of the quarantine; a card must match every field that is set.

    It matches from `since` on, and before `until`.
    """

    source: str | None = None
    reason: str | None = None
    parser: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def matches(self, card: Card) -> bool:
        """Whether the card matches, `since` apart, which the query itself applies."""
        return (
            self.source in (None, card.source)
            and self.parser in (None, card.parser)
            and (self.reason is None or self.reason in card.title.split("; "))
            and (self.until is None or card.at < self.until)
        )


NO_FILTER = QuarantineFilter()


def quarantine(
    table: Table, limit: int, cursor: str | None = None, filters: QuarantineFilter = NO_FILTER
) -> Page[Card]:
    """Submissions that a person must look at, oldest first.

    A page reads at most about `MOST_ROWS_READ` rows, and may be short and yet not the last.
    """
    rows = Range(
        keys.QUARANTINE,
        Index.WORKLIST,
        since="" if filters.since is None else keys.instant(filters.since),
        upto=None if filters.until is None else keys.instant(filters.until),
    )
    cards: list[Card] = []
    for _ in range(MOST_ROWS_READ // limit + 1):
        page = _page(table, rows, limit - len(cards), cursor, card_of)
        cards += filter(filters.matches, page.rows)
        if (cursor := page.cursor) is None or len(cards) == limit:
            break
    return Page(tuple(cards), cursor)


def import_ids(table: Table, limit: int, cursor: str | None = None) -> Page[str]:
    """The ids of imports, newest first."""
    rows = Range(keys.IMPORTS, backwards=True)
    return _page(table, rows, limit, cursor, lambda item: key_of(item).sk)


def due(
    table: Table, shard: int, now: datetime, limit: int, cursor: str | None = None
) -> Page[Due]:
    """What shard `shard` (0 … `keys.DUE_SHARDS` - 1) has due at `now`, longest due first."""
    rows = Range(keys.shard_name(shard), Index.DUE, upto=keys.instant(now))
    return _page(table, rows, limit, cursor, _read_due)


def _page(
    table: Table, rows: Range, limit: int, cursor: str | None, read: Callable[[Item], T]
) -> Page[T]:
    after = None if cursor is None else _decode_cursor(cursor)
    hash_key, sort_key = key_attributes(rows.of)
    if after is not None and (
        after.keys() != {"pk", "sk", hash_key, sort_key} or after[hash_key] != rows.partition
    ):
        raise _cursor_error()
    page = table.query(rows, limit, after)
    return Page(tuple(map(read, page.items)), _encode_cursor(page))


def _entity_reader(kind: type[E]) -> Callable[[Item], E]:
    def read(item: Item) -> E:
        entity = to_entity(item)
        if not isinstance(entity, kind):
            raise TypeError(f"{key_of(item)} is a {type(entity).__name__}, not a {kind.__name__}")
        return entity

    return read


def _read_due(item: Item) -> Due:
    key = key_of(item)
    kind, _, timer_key = text_attribute(item, "due_kind").partition(DUE_KEY_MARK)
    return Due(
        timer=TimerKind(kind),
        key=timer_key,
        lead_id=keys.lead_id(key),
        at=datetime.fromisoformat(text_attribute(item, "due_at")),
        delivery_id=keys.delivery_id(key),
    )


def _cursor_error() -> FieldsInvalid:
    return FieldsInvalid((Reason(code="cursor", text="the cursor is not one of this list"),))


def _encode_cursor(page: ItemPage) -> str | None:
    if page.cursor is None:
        return None
    return base64.urlsafe_b64encode(json.dumps(dict(page.cursor)).encode()).decode()


def _decode_cursor(token: str) -> Cursor:
    try:
        cursor = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, RecursionError):  # neither base64, nor text, nor JSON
        raise _cursor_error() from None
    if not isinstance(cursor, dict) or not all(v and isinstance(v, str) for v in cursor.values()):
        raise _cursor_error()
    return cursor
