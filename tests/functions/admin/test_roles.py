"""Who may do what."""

import pytest

from admin.roles import ROLES, Caller, Right, parse_caller
from leadloop.model.errors import Forbidden
from tests.functions.aws_fixture import PLAYBOOK


@pytest.mark.parametrize(
    "groups", ["admin,sales", "[admin sales]", "admin sales", '["admin", "sales"]']
)
def test_groups_are_read_however_the_gateway_writes_them(groups: str) -> None:
    assert parse_caller({"sub": "u1", "cognito:groups": groups}).groups == {"admin", "sales"}


@pytest.mark.parametrize("group", ["no.admin", "admin@emea", "guests/admin"])
def test_a_group_that_only_contains_a_role_is_not_that_role(group: str) -> None:
    assert parse_caller({"sub": "u1", "cognito:groups": group}).groups == {group}


def test_a_token_without_a_group_may_do_nothing() -> None:
    nobody = parse_caller({"sub": "u1"})
    for right in Right:
        with pytest.raises(Forbidden):
            nobody.role(right)


@pytest.mark.parametrize("verified", [{}, {"email_verified": "false"}, {"email_verified": ""}])
def test_an_address_nobody_verified_makes_no_rep(verified: dict[str, str]) -> None:
    claims = {"sub": "u1", "cognito:groups": "sales", "email": "ida@aqua.example", **verified}
    with pytest.raises(Forbidden):
        parse_caller(claims).actor_for(Right.WORK, PLAYBOOK)


def test_a_rep_acts_under_the_own_id_however_the_address_is_written() -> None:
    claims = {
        "sub": "u1",
        "cognito:groups": "sales",
        "email": "Ida@Aqua.example",
        "email_verified": "true",
    }
    assert parse_caller(claims).actor_for(Right.WORK, PLAYBOOK).id == "ida"


def test_a_request_without_a_token_is_nobodys() -> None:
    with pytest.raises(Forbidden):
        parse_caller({}).role(Right.READ)


def test_a_foreign_group_gives_no_right() -> None:
    with pytest.raises(Forbidden):
        Caller(subject="u1", groups=frozenset({"administrators"})).role(Right.READ)


@pytest.mark.parametrize(
    ("role", "right", "may"),
    [
        ("sales", Right.WORK, True),
        ("sales", Right.EXPORT, False),
        ("sales", Right.RAW, False),
        ("marketing", Right.WORK, False),
        ("marketing", Right.EDIT, True),
        ("marketing", Right.PUBLISH, True),
        ("manager", Right.PUBLISH, False),
        ("manager", Right.MEND, True),
        *(("admin", right, True) for right in Right),
    ],
)
def test_the_table(role: str, right: Right, may: bool) -> None:
    assert (right in ROLES[role]) is may


def test_who_is_in_two_groups_acts_as_the_one_that_may() -> None:
    both = Caller(subject="u1", groups=frozenset({"sales", "marketing"}))
    assert both.role(Right.WORK) == "sales"
    assert both.role(Right.EXPORT) == "marketing"
