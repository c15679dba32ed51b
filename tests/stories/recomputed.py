"""Every decision of a story, made again from what it saw."""

from leadloop.code_version import code_version
from leadloop.decide.recompute import Comparison, Recomputation
from leadloop.store.decision_history import Recomputer
from tests.stories.world import World


def recompute_all(world: World) -> tuple[Recomputation, ...]:
    """Each decision that has changed a record of the story's table, made again and compared."""
    ids = [
        str(item["pk"]).removeprefix("S#") for item in world.table.all_items() if item["sk"] == "S"
    ]
    recomputer = Recomputer(world.table, world.find_playbook, code_version())
    return recomputer.recompute_each(sorted(ids))


def find_odd(world: World) -> list[Recomputation]:
    """Those that did not come out equal, and what is not kept."""
    results = recompute_all(world)
    return [each for each in results if each.comparison is not Comparison.EQUAL]
