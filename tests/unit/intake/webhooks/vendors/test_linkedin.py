from leadloop.intake.envelope import submission_id
from leadloop.model.submission import Fetch
from tests.unit.intake.webhooks.posts import (
    build_source,
    complete_post,
    linkedin_answer,
    linkedin_post,
    read_post,
)

LINKEDIN = build_source("linkedin")
ID = submission_id("hook", "1a-4")


def test_linkedin_names_a_response_and_answers_with_its_questions() -> None:
    (named,) = read_post(linkedin_post(), LINKEDIN)
    assert (named.id, named.fetch) == (ID, Fetch(provider="linkedin", id="1a-4"))
    of = build_source("linkedin", fields={"campaign": "fields.campaign", "3": "fields.size"})
    lead = complete_post(linkedin_post(), linkedin_answer(), of)
    assert (lead.contact.first_name, lead.contact.email) == ("Ada", "ada@lovelace.example")
    assert lead.fields == {
        "campaign": "spring",
        "size": "51-200",
        "employees": "51-200",
        "vendor_lead_id": "1a-4",
    }
    assert complete_post(linkedin_post(), linkedin_answer(test=True), of).test


def test_a_deleted_response_is_no_lead_and_names_what_to_forget() -> None:
    (deleted,) = read_post(linkedin_post("DELETED"), LINKEDIN)
    assert deleted.id != ID
    assert (deleted.erases, deleted.fetch, deleted.contact.email) == (ID, None, None)


def test_a_batch_at_the_root_names_a_lead_in_each_place() -> None:
    posts = [
        linkedin_post(),
        linkedin_post("DELETED", "1a-9"),
        {**linkedin_post(), "type": "SHARE"},
    ]
    new, gone = read_post(posts, LINKEDIN)
    assert new.fetch is not None
    assert (new.fetch.id, gone.erases) == ("1a-4", submission_id("hook", "1a-9"))
