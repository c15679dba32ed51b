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
