from pathlib import Path

import pytest

from infra.local.expectations import (
    Expectation,
    ExpectationInvalid,
    Observation,
    compare_answer,
    compare_result,
    read_expectation,
)

CAME_OUT = Observation(
    status=201,
    answer='{"outcome":"lead"}',
    outcome="lead",
    rating="hot",
    stage="qualified",
    pool="senior",
    owner="rep-mia",
    reasons=("title_senior: Head of Purchasing +20",),
    contact={"phone": "+49301234567"},
    mails=("Why hot: asked for a quote",),
)


@pytest.mark.parametrize(
    ("expected", "fault"),
    [
        ({"status": 200}, "status is 201, expected 200"),
        ({"answer_contains": ("merged",)}, "the answer does not contain “merged”"),
        ({"outcome": "merged"}, "outcome is lead, expected merged"),
        ({"rating": "cold"}, "rating is hot, expected cold"),
        ({"stage": "nurturing"}, "stage is qualified, expected nurturing"),
        ({"pool": "field"}, "pool is senior, expected field"),
        ({"owner": "rep-ben"}, "owner is rep-mia, expected rep-ben"),
        ({"owner": ""}, "owner is rep-mia, expected "),
        ({"one_of": ("rep-ben", "rep-zoe")}, "owner is rep-mia, expected one of rep-ben, rep-zoe"),
        ({"reasons_contain": ("budget",)}, "no reason contains “budget”"),
        ({"contact": {"phone": "+1"}}, "contact.phone is +49301234567, expected +1"),
        ({"mail_to": "mia@x", "mail_contains": ("no such",)}, "no mail to mia@x contains"),
    ],
)
def test_each_difference_is_one_fault_in_words(expected: dict[str, object], fault: str) -> None:
    (found,) = compare_result(Expectation.model_validate(expected), CAME_OUT)
    assert found.startswith(fault)


def test_what_is_not_named_is_not_compared() -> None:
    assert compare_result(Expectation(), CAME_OUT) == ()


def test_all_as_expected_has_no_fault() -> None:
    expected = Expectation(
        status=201,
        outcome="lead",
        rating="hot",
        stage="qualified",
        pool="senior",
        one_of=("rep-mia", "rep-ben"),
        reasons_contain=("Head of Purchasing",),
        mail_to="mia@x",
        mail_contains=("Why hot",),
    )
    assert compare_result(expected, CAME_OUT) == ()


def test_a_handler_is_asked_for_its_answer_only() -> None:
    expected = Expectation(status=202, outcome="merged")
    assert compare_answer(expected, CAME_OUT) == ("status is 201, expected 202",)


@pytest.mark.parametrize(
    "text",
    ["outcom: lead", "{owner: a, one_of: [b]}", "same_answer: true", "mail_contains: [x]", "[1"],
)
def test_an_expectation_that_makes_no_sense_names_its_file(text: str, tmp_path: Path) -> None:
    tmp_path.joinpath("good_form.expect.yaml").write_text(text)
    with pytest.raises(ExpectationInvalid, match=r"good_form\.expect\.yaml"):
        read_expectation(tmp_path / "good_form.json")
