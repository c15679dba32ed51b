from pathlib import Path

import pytest

from leadloop.model.errors import PlaybookInvalid
from leadloop.playbook.load import load_playbook
from leadloop.playbook.versions import Difference, diff, dump, parse, stamp_version
from leadloop.policy.patterns import compile_pattern


def test_what_is_published_is_read_again_the_same(acme: Path) -> None:
    playbook = load_playbook(acme)
    again = parse(dump(playbook))
    assert again == playbook
    assert list(again.sequences) == list(playbook.sequences)
    assert stamp_version(again).version == playbook.version


def test_a_pattern_that_is_published_is_compiled_when_something_is_searched(acme: Path) -> None:
    published = dump(load_playbook(acme))
    compile_pattern.cache_clear()
    assert any(source.kind == "mail" for source in parse(published).sources.values())
    assert compile_pattern.cache_info().currsize == 0


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"version": 1}', b"\xff"])
def test_what_is_no_playbook_is_refused(content: bytes) -> None:
    with pytest.raises(PlaybookInvalid):
        parse(content)


def test_the_difference_names_each_value_that_changed(acme: Path) -> None:
    before = load_playbook(acme)
    score = before.scores["machines"]
    after = before.but(
        version="other",
        scores={**before.scores, "machines": score.but(fit=(score.fit[0].but(points=25),))},
        pools={name: pool for name, pool in before.pools.items() if name != "night"},
    )
    found = diff(before, after)
    assert Difference(path="scores.machines.fit.large.points", before="20", after="25") in found
    assert (
        Difference(path="pools.night.reps.luna.zone", before="America/Los_Angeles", after=None)
        in found
    )
    assert all(each.path.startswith(("scores.machines.fit.", "pools.night.")) for each in found)
    assert diff(before, before) == ()
