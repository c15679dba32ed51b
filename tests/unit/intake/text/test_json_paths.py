"""Names and expressions that say where in a document a value lies."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.intake.text.json_paths import (
    LONGEST_PATH,
    MOST_REPORTED,
    Misfit,
    follow_paths,
    ignored_names,
    path_fault,
    value_at_path,
)

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=8,
)
EXPRESSIONS = (
    "a.b",
    "a[0].b",
    "a[?b > `1`].c | [0]",
    "join(' ', [a, b])",
    "to_number(a)",
    "sort_by(a, &b)[0].c",
    "max_by(a, &b).c",
    "sum(a)",
    "map(&to_string(@), a)",
    "a[::0]",
    "a == b",
    "a < b",
    "keys(a)[0]",
    "starts_with(a, b)",
    "to_number(&a)",
)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("mail", "a@b.example"),
        ("e-mail", "c@d.example"),
        ("lead[phone]", "1"),
        ("Straße", "Am Brunnen 1"),
        ("person.name", "the plain name wins"),
        ("person.first", "Ada"),
        ("answers[?q=='size'].a | [0]", "120"),
        ("join(' ', [person.first, person.last])", "Ada Byron"),
        ("nowhere", None),
        ("no-where", None),
        ("person.nowhere.deeper", None),
    ],
)
def test_a_value_is_found_by_its_name_or_by_an_expression(path: str, value: object) -> None:
    document = {
        "mail": "a@b.example",
        "e-mail": "c@d.example",
        "lead[phone]": "1",
        "Straße": "Am Brunnen 1",
        "person.name": "the plain name wins",
        "person": {"name": "and not the path", "first": "Ada", "last": "Byron"},
        "answers": [{"q": "colour", "a": "red"}, {"q": "size", "a": "120"}],
    }
    assert value_at_path(document, path) == value


def test_an_expression_that_breaks_on_a_document_is_named_and_the_others_are_followed() -> None:
    found = follow_paths({"a": 5, "b": "x"}, ["join(',', a)", "a[::0]", "b"])
    assert found.values == {"a[::0]": None, "b": "x"}
    assert [reason.text for reason in found.misfits] == ["join(',', a): does not fit what was sent"]


@given(st.dictionaries(st.sampled_from("abc"), JSON, max_size=3), st.sampled_from(EXPRESSIONS))
def test_whatever_is_sent_an_expression_gives_a_value_or_a_misfit(
    document: dict[str, Any], path: str
) -> None:
    try:
        value_at_path(document, path)
    except Misfit:
        assert follow_paths(document, [path]).misfits


@given(st.text(max_size=40))
def test_whatever_a_playbook_says_is_a_path_or_has_a_fault(path: str) -> None:
    path_fault(path)
    follow_paths({"a": [1]}, [path])


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("kunde[.x", "neither a name nor"),
        ("kunde.e-mail", "neither a name nor"),
        ("nosuch(a)", "no function nosuch"),
        ("a | [0] | length()", "length takes 1 values, not 0"),
        ("a[::0]", "step 0"),
        ("a" * (LONGEST_PATH + 1), f"{LONGEST_PATH} are the most"),
        ("", "neither a name nor"),
    ],
)
def test_a_path_that_can_never_be_followed_is_a_fault_of_the_playbook(path: str, what: str) -> None:
    assert what in (path_fault(path) or "")


@pytest.mark.parametrize(
    "path", ["email", "first-name", "Straße", "lead[email]", "a.b", '"e-mail".x', "not_null(a, b)"]
)
def test_names_and_expressions_as_people_write_them_are_no_fault(path: str) -> None:
    assert path_fault(path) is None


def test_what_nobody_asks_for_is_told_by_its_dotted_name() -> None:
    document = {
        "person": {"mail": "a@b.example", "score": 9},
        "owner_id": "me",
        "answers": [{"q": "size", "a": "1"}],
        "nothing": {},
        "list": [1, 2],
    }
    taken = ["person.mail", "answers[?q=='size'].a | [0]"]
    assert ignored_names(document, taken) == ("list", "owner_id", "person.score")


def test_of_thousands_of_names_few_are_looked_at_and_told() -> None:
    wide = {f"n{n}": n for n in range(30_000)}
    deep: dict[str, Any] = {}
    for _ in range(900):
        deep = {"a": deep, "b": 1}
    assert len(ignored_names(wide, ())) == MOST_REPORTED
    assert ignored_names(deep, ())


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("join(', ', wishes[?urgent].name)", {"wishes": None}),
        ("join(', ', wishes[?urgent].name)", {}),
        ("join(' ', [first, last])", {"first": "Ada"}),
    ],
)
def test_what_breaks_for_want_of_a_name_finds_nothing(path: str, document: dict[str, Any]) -> None:
    assert value_at_path(document, path) is None


@pytest.mark.parametrize(
    ("path", "document", "found"),
    [
        ("posten[?menge >= `3`].art | [0]",
         {"posten": [{"menge": "viele", "art": "A"}, {"menge": 4, "art": "B"}]}, "B"),
        ("[edad < `30`, edad]", {"edad": "treinta"}, [None, "treinta"]),
        ("lots[?prix > seuil].nom", {"lots": [{"prix": 9, "seuil": "?", "nom": "X"}]}, []),
        ("punkte > '5'", {"punkte": 7}, None),
        ("contains(text, `5`)", {"text": "5 pumps"}, False),
        ("contains(text, '5')", {"text": "5 pumps"}, True),
        ("tag > '2026-01'", {"tag": "2026-02"}, True),  # two texts have an order here
    ],
)  # fmt: skip
def test_a_word_and_a_number_have_no_order_and_break_nothing(
    path: str, document: dict[str, Any], found: object
) -> None:
    assert value_at_path(document, path) == found
