from hypothesis import given
from hypothesis import strategies as st

from leadloop.policy.clauses import Value
from leadloop.policy.conditions import Condition, View, compile_condition, parse_condition
from leadloop.policy.rules import Rules

GERMAN = {"field": "country", "is": "DE"}
NEAR = {"field": "country", "in": ["DE", "AT"]}
BIG = {"field": "employees", "at_least": 1000}
MIDDLE = {"all": [{"field": "employees", "above": 10}, {"field": "employees", "at_most": 1000}]}


def rules(*conditions: object) -> Rules[int]:
    return Rules(
        (None if condition is None else parse_condition(condition), n)
        for n, condition in enumerate(conditions)
    )


def test_all_that_hold_come_in_order_and_the_first_is_the_first_of_them() -> None:
    asked = rules(BIG, NEAR, MIDDLE, GERMAN, None)
    assert asked.all_matches({"country": "DE", "employees": 1000}) == (0, 1, 2, 3, 4)
    assert asked.all_matches({"country": "AT", "employees": 10}) == (1, 4)
    assert asked.first_match({"country": "AT", "employees": 10}) == 1
    assert asked.first_match({}) == 4


def test_where_none_holds_nothing_is_said() -> None:
    assert rules(GERMAN, BIG).first_match({"country": "FR"}) is None
    assert rules(GERMAN, BIG).all_matches({"country": "FR"}) == ()
    assert rules().first_match({}) is None


def test_a_list_is_in_when_one_of_it_is() -> None:
    speaks = {"field": "languages", "in": ["de", "pl"]}
    assert rules(speaks).all_matches({"languages": ("en", "pl")}) == (0,)


FIELDS = st.sampled_from(["a", "b"])
TEXTS = st.sampled_from(["", "x", "y", "1"])
NUMBERS = st.one_of(st.integers(-2, 2), st.sampled_from([-0.0, 0.5, 1.0, 1e300, 10**400]))
EDGES = st.sampled_from([float("inf"), float("-inf"), float("nan")])
BOUNDS = NUMBERS.filter(lambda bound: bound < 10**309)
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(), TEXTS, NUMBERS, EDGES, st.booleans(), st.lists(TEXTS, max_size=2).map(tuple)
)
SCALARS = st.one_of(TEXTS, st.booleans(), BOUNDS)


def clause(operator: str, wanted: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.fixed_dictionaries({"field": FIELDS, operator: wanted})


CONDITIONS = st.recursive(
    st.one_of(
        *(clause(name, SCALARS) for name in ("is", "is_not")),
        *(clause(name, st.lists(SCALARS, min_size=1)) for name in ("in", "not_in")),
        *(clause(name, BOUNDS) for name in ("at_least", "at_most", "above", "below")),
        clause("given", st.booleans()),
    ),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=4,
).map(parse_condition)


@given(
    conditions=st.lists(st.none() | CONDITIONS, max_size=8),
    view=st.dictionaries(FIELDS, VALUES),
)
def test_asked_together_they_say_what_each_says_alone(
    conditions: list[Condition | None], view: View
) -> None:
    alone = tuple(
        n
        for n, condition in enumerate(conditions)
        if condition is None or compile_condition(condition)(view)
    )
    together = Rules((condition, n) for n, condition in enumerate(conditions))
    assert together.all_matches(view) == alone
    assert together.first_match(view) == (alone[0] if alone else None)
