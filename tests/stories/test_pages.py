"""A page of the journey is more than one transaction takes: it is halved, and not read again."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from leadloop.store import keys, queries
from leadloop.store.items import Item
from leadloop.store.keys import Key
from leadloop.store.memory_table import MemoryTable
from tests.stories.people import KUBA
from tests.stories.world import World


class Counted(MemoryTable):
    """`read` counts how often each key was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.read = Counter[str]()

    def get(self, keys: Sequence[Key]) -> dict[Key, Item]:
        self.read.update(key.pk for key in keys)
        return super().get(keys)


def test_each_lead_of_a_full_page_is_read_once() -> None:
    table = Counted()
    world = World(table=table)
    people = ({**KUBA, "email": f"kuba@tartak{n}.pl"} for n in range(100))
    leads = [world.submit(world.post_form("machines-quote", who)).submission_id for who in people]
    world.now += timedelta(hours=2)
    pages = (queries.due(table, shard, world.now, 100).rows for shard in range(keys.DUE_SHARDS))
    page = [due for rows in pages for due in rows]
    table.read.clear()
    world.act(*page)
    assert {table.read[keys.record(lead).pk] for lead in leads} == {1}
    world.settle()
    assert all(world.mailed_steps(lead) == ["welcome"] for lead in leads)
