"""`leadloop recompute`: how many came out equal, and the first difference of those that did not."""

import pytest

from leadloop.cli import recompute
from leadloop.cli.stacks import DeployedSystem
from leadloop.decide.recompute import Comparison, Recomputation
from leadloop.edge.act import act
from tests.bench.inquiries import build_submission
from tests.functions.aws_fixture import open_aws_fixture
from tests.stories.world import compile_acme

PEOPLE = 3


def build_result(comparison: Comparison, why: str = "", **more: bool) -> Recomputation:
    return Recomputation("LEAD", 2, "T", comparison, why, **more)


def test_equal_ones_are_counted_and_no_row_is_shown() -> None:
    text = recompute.format_results([build_result(Comparison.EQUAL)] * 1_200)
    assert text == "1,200 equal, 0 different, 0 not kept"


def test_each_other_one_is_a_row_with_its_first_difference_and_differences_come_first() -> None:
    odd = [
        build_result(Comparison.NOT_KEPT, "its playbook cannot be read"),
        build_result(Comparison.DIFFERENT, "entry.at: was 1,\nis 2 now", is_other_code=True),
    ]
    text = recompute.format_results([build_result(Comparison.EQUAL), *odd])
    head, code, _, _, first, second = text.splitlines()
    assert head == "1 equal, 1 different, 1 not kept"
    assert code.startswith("1 of them were made by other code than this (")
    assert first.endswith("entry.at: was 1, is 2 now")
    assert second.endswith("its playbook cannot be read")


def test_of_many_odd_ones_the_first_are_shown() -> None:
    odd = [build_result(Comparison.DIFFERENT, str(n)) for n in range(recompute.MOST_SHOWN + 5)]
    assert recompute.format_results(odd).endswith("and 5 more")


def test_the_whole_register_is_made_again_on_all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_aws_fixture(monkeypatch) as home:
        home.publish(compile_acme().playbook)
        people = [build_submission(n) for n in range(PEOPLE)]
        act(people)
        home.run_tally()
        system = DeployedSystem("moto", "leads", "playbooks", "plan", "upkeep")
        one = recompute.open_recomputer(system).recompute_each([people[0].id])
        assert [each.comparison for each in one] == [Comparison.EQUAL]
        results = recompute.recompute_all(system)
        assert [each.comparison for each in results] == [Comparison.EQUAL] * PEOPLE
        assert recompute.open_recomputer(system).recompute_each(["nobody"]) == ()
