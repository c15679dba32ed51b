import pytest

from leadloop.intake.envelope import submission_id
from tests.unit.intake.webhooks.posts import build_source, google_post, read_post

GOOGLE = build_source("google")


def test_google_sends_the_whole_lead() -> None:
    (lead,) = read_post(google_post(), GOOGLE)
    assert lead.id == submission_id("hook", "g-1")
    assert (lead.contact.name, lead.contact.email) == ("Ada Lovelace", "ada@lovelace.example")
    assert lead.touch is not None
    assert (lead.touch.click_id, lead.test) == ("gclid:click", False)


def test_googles_test_is_a_test() -> None:
    assert [each.test for each in read_post(google_post(is_test=True), GOOGLE)] == [True]


def test_a_column_without_an_id_goes_by_its_name() -> None:
    columns = [{"column_name": "Phone Number", "string_value": "+49 30 901820"}]
    (lead,) = read_post(google_post(user_column_data=columns), GOOGLE)
    assert lead.contact.phone == "+49 30 901820"


RELAYED = {
    "Google Ads API": {
        "leadFormSubmitId": "s-4",
        "leadFormSubmissionFields": [
            {"fieldType": "EMAIL", "fieldValue": "eva@lang.example"},
            {"fieldType": "FULL_NAME", "fieldValue": "Eva Lang"},
        ],
        "customLeadFormSubmissionFields": [
            {"questionText": "Quelle taille ?", "fieldValue": "DN 80"}
        ],
        "gclid": "EAIa-1",
        "submissionDateTime": "2026-04-01 09:00:00+01:00",
    },
    "a connector in snake case": {
        "lead_form_submission_id": "s-4",
        "lead_form_submission_fields": [
            {"field_type": "EMAIL", "field_value": "eva@lang.example"},
            {"field_type": "FULL_NAME", "field_value": "Eva Lang"},
        ],
        "custom_lead_form_submission_fields": [
            {"question_text": "Quelle taille ?", "field_value": "DN 80"}
        ],
        "google_click_id": "EAIa-1",
        "submission_date_time": "2026-04-01 09:00:00+01:00",
    },
    "a connector that keeps the webhook's lists": {
        "submission_id": "s-4",
        "user_column_data": [
            {"column_id": "EMAIL", "string_value": "eva@lang.example"},
            {"column_id": "FULL_NAME", "string_value": "Eva Lang"},
        ],
        "custom_key_value_data": [{"key": "Quelle taille ?", "string_value": "DN 80"}],
        "gcl_id": "EAIa-1",
        "submission_date_time": "2026-04-01 09:00:00+01:00",
    },
}


@pytest.mark.parametrize("maker", RELAYED)
def test_a_lead_that_a_connector_passes_on_keeps_its_id_click_and_answers(maker: str) -> None:
    (lead,) = read_post(RELAYED[maker], GOOGLE)
    assert lead.id == submission_id("hook", "s-4")
    assert (lead.contact.name, lead.contact.email) == ("Eva Lang", "eva@lang.example")
    assert lead.touch is not None
    assert lead.touch.click_id == "gclid:EAIa-1"
    assert lead.unreadable == ()
    assert "Quelle taille ?" in lead.ignored
    assert "submission_date_time" in lead.ignored


@pytest.mark.parametrize(
    "row", ["Welche Pumpe?", "welche pumpe", "QUESTION_7", "welche_pumpe?", "Welche  Pumpe ?"]
)
def test_a_row_names_a_question_by_its_id_or_as_it_is_asked(row: str) -> None:
    column = {
        "column_id": "QUESTION_7", "column_name": "Welche Pumpe?", "string_value": "DN 80",
    }  # fmt: skip
    columns = [*google_post()["user_column_data"], column]
    of = build_source("google", fields={row: "interest.product"})
    (lead,) = read_post(google_post(user_column_data=columns), of)
    assert (lead.interest.product, lead.ignored) == ("DN 80", ())


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Que cherchez-vous ?", "Deux pompes"),
        ("¿Para cuándo lo necesita?", "En mayo"),
        ("Wie viele Pumpen brauchen Sie?", "Zwei"),
        ("ご要望は何ですか？", "ポンプ2台"),
    ],
)
@pytest.mark.parametrize("id_", ["QUESTION_7", None])
def test_an_own_question_in_any_language_is_found_by_its_words_and_kept_without_a_row(
    question: str, answer: str, id_: str | None
) -> None:
    column = {"column_name": question, "string_value": answer, "column_id": id_}
    columns = [{"column_id": "EMAIL", "string_value": "eva@lang.example"}, column]
    mapped = build_source("google", fields={question: "interest.message"})
    (lead,) = read_post(google_post(user_column_data=columns), mapped)
    assert lead.interest.message == answer
    (lead,) = read_post(google_post(user_column_data=columns), GOOGLE)
    assert answer in lead.fields.values()
