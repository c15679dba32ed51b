"""What the twin offers beyond the contract: threads, and its stream."""

from concurrent.futures import ThreadPoolExecutor

from leadloop.model.facts import Change, Facts
from leadloop.model.pool import Pool, PoolRef, RepLoad
from leadloop.store.commit import commit
from leadloop.store.items import to_entity
from leadloop.store.memory_table import MemoryTable
from leadloop.store.read import read

BOOK = PoolRef("dach")


def _take_one(table: MemoryTable) -> None:
    """What `act` does, without its limit of rounds: read, decide, commit, again when lost."""
    while True:
        pool = Facts(read(table, [BOOK])).get(BOOK)
        assert pool is not None
        load = pool.reps["a"]
        after = pool.but(version=pool.version + 1, reps={"a": load.but(open=load.open + 1)})
        if not commit(table, [Change(BOOK, pool.version, after)]):
            return


def test_a_hundred_takers_on_eight_threads_are_counted_to_the_last() -> None:
    table = MemoryTable()
    commit(table, [Change(BOOK, None, Pool(id="dach", version=1, reps={"a": RepLoad()}))])
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(_take_one, [table] * 100))
    assert read(table, [BOOK])[BOOK] == Pool(id="dach", version=101, reps={"a": RepLoad(open=100)})


def test_the_stream_tells_each_write_once_and_nothing_of_a_lost_one() -> None:
    table = MemoryTable()
    first, second = Pool(id="dach", version=1), Pool(id="dach", version=2)
    commit(table, [Change(BOOK, None, first)])
    commit(table, [Change(BOOK, None, first)])
    commit(table, [Change(BOOK, 1, second)])
    written = table.drain_stream()
    assert [to_entity(record.new) for record in written] == [first, second]
    assert [record.old is None for record in written] == [True, False]
    assert table.drain_stream() == ()
