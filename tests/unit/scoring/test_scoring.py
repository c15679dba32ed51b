from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leadloop.model.lead import Points, Rating, Score
from leadloop.model.person import Touchpoint
from leadloop.policy.conditions import parse_condition
from leadloop.scoring.behaviour import behaviour_points
from leadloop.scoring.explain import shortfall_to_hot
from leadloop.scoring.fit import compile_fit_rules
from leadloop.scoring.policy import BehaviourRule, FitRule, ScoreModel, Thresholds
from leadloop.scoring.rating import rate_score

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CLICK = BehaviourRule(signal="click", points=10, half_life_days=14, limit=25, reason="clicked")
LIMITS = Thresholds(warm=20, hot=50, qualify=50)


def touch(number: int, days_ago: float, signal: str = "click") -> Touchpoint:
    return Touchpoint(id=f"t{number}", signal=signal, at=NOW - timedelta(days=days_ago))


def test_a_click_is_worth_half_after_its_half_life() -> None:
    (row,) = behaviour_points([CLICK], [touch(1, 14)], NOW)
    assert row.points == 5


def test_a_click_of_a_moment_ago_counts_whole() -> None:
    (row,) = behaviour_points([CLICK], [touch(1, 0.001)], NOW)
    assert row.points == 10


def test_the_last_digit_of_a_power_moves_no_sum_over_the_edge() -> None:
    """Half of 9 rounds up to 5; a microsecond later it is less by a part in a billion."""
    nine = CLICK.but(points=9)
    late = touch(1, 14).but(at=NOW - timedelta(days=14, microseconds=1))
    (row,) = behaviour_points([nine], [late], NOW)
    assert row.points == 5


def test_many_clicks_stop_at_the_limit() -> None:
    (row,) = behaviour_points([CLICK], [touch(n, 0) for n in range(9)], NOW)
    assert (row.points, row.reason) == (25, "clicked (9 times)")


def test_a_faded_click_has_no_row() -> None:
    assert behaviour_points([CLICK], [touch(1, 100)], NOW) == ()


def test_a_signal_without_a_rule_gives_nothing() -> None:
    assert behaviour_points([CLICK], [touch(1, 0, "open")], NOW) == ()


def test_a_clock_behind_does_not_make_a_touch_worth_more() -> None:
    (row,) = behaviour_points([CLICK], [touch(1, -3)], NOW)
    assert row.points == 10


@given(st.lists(st.floats(0, 60), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_arrival_cannot_matter(ages: list[float], random: object) -> None:
    touches = [touch(n, age) for n, age in enumerate(ages)]
    shuffled = list(touches)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert behaviour_points([CLICK], touches, NOW) == behaviour_points([CLICK], shuffled, NOW)


def test_fit_gives_a_row_with_its_reason_for_each_rule_that_holds() -> None:
    boss = FitRule(
        id="boss",
        when=parse_condition({"field": "contact.job_title", "any_word": ["director"]}),
        points=15,
        reason="decides",
    )
    points = compile_fit_rules([boss])
    assert points.all_matches({"contact.job_title": "Managing Director"}) == (
        Points(rule="boss", points=15, reason="decides"),
    )
    assert points.all_matches({}) == ()


def test_a_total_on_the_threshold_has_reached_it() -> None:
    assert [rate_score(total, LIMITS) for total in (19, 20, 49, 50)] == [
        Rating.COLD,
        Rating.WARM,
        Rating.WARM,
        Rating.HOT,
    ]


def test_what_would_make_it_hot_names_only_what_is_enough_alone() -> None:
    rule = parse_condition({"field": "contact.company", "given": True})
    model = ScoreModel(
        id="m",
        product_line="p",
        fit=(
            FitRule(id="big", when=rule, points=30, reason="a big company"),
            FitRule(id="small", when=rule, points=5, reason="a known town"),
        ),
        behaviour=(CLICK,),
        thresholds=LIMITS,
    )
    missing = shortfall_to_hot(Score(model="m", fit=25), model)
    assert (missing.short, missing.single) == (25, ("a big company",))
    assert shortfall_to_hot(Score(model="m", fit=60), model).single == ()
