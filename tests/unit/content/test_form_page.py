from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from leadloop.content.form_page import RejectedInput, render_form_page, thanks_page, too_large_page
from leadloop.model.form import FormConsent, FormField, FormPage, Option

FORM = FormPage(
    id="f",
    language="en",
    languages=("en", "de"),
    headline="Ask",
    fields=(
        FormField(name="email", label="E-mail", kind="email", required=True),
        FormField(name="message", label="Message", kind="textarea", hint="In any language"),
        FormField(
            name="when", label="When", kind="select", options=(Option(value="now", label="Now"),)
        ),
        FormField(name="news", label="News", kind="checkbox"),
        FormField(name="plan", label="Plan", kind="file", accept=(".pdf", ".png")),
        FormField(name="lang", label="Language", kind="hidden", value="en"),
    ),
    consent=FormConsent(name="ok", version="1", text="Yes.", required=True),
    honeypot="url",
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


def tags(page: str) -> list[str]:
    return [str(each.tag) for each in html.fromstring(page).iter()]


@given(text=TEXTS)
def test_whatever_was_typed_the_page_stays_the_page(text: str) -> None:
    def shown(said: str) -> str:
        names = ("email", "message", "lang", "ok")
        typed = RejectedInput(dict.fromkeys(names, said), {"email": said or "x", f"a{said}": "nul"})
        return render_form_page(FORM, {"utm_source": said}, {"utm_source": said}, typed)

    assert tags(shown(text)) == tags(shown("a"))


def test_each_input_has_a_label_and_each_hint_and_fault_its_input() -> None:
    page = html.fromstring(
        render_form_page(FORM, {}, {}, RejectedInput({}, {"message": "too_long"}))
    )
    labels = set(page.xpath("//label/@for"))
    visible = page.xpath("//form//*[@name and not(@type='hidden')]")
    assert {each.get("id") for each in visible} <= labels
    ids = set(page.xpath("//@id"))
    assert {id_ for each in page.xpath("//@aria-describedby") for id_ in each.split()} <= ids
    (wrong,) = page.xpath("//*[@aria-invalid]")
    assert wrong.get("aria-describedby") == f"{wrong.get('id')}-error {wrong.get('id')}-hint"


def test_a_form_with_a_file_is_posted_in_parts() -> None:
    page = html.fromstring(render_form_page(FORM, {}, {}))
    assert page.xpath("//form/@enctype") == ["multipart/form-data"]
    assert page.xpath("//input[@type='file']/@accept") == [".pdf,.png"]


def test_what_was_chosen_and_ticked_comes_back() -> None:
    page = html.fromstring(
        render_form_page(FORM, {}, {}, RejectedInput({"when": "now", "news": "yes"}))
    )
    assert page.xpath("//option[@selected]/@value") == ["now"]
    assert page.xpath("//input[@checked]/@name") == ["news"]


def test_another_language_is_one_link_away_and_keeps_where_the_visitor_came_from() -> None:
    page = html.fromstring(render_form_page(FORM, {}, {"utm_source": "a&b"}))
    assert page.xpath("//nav/a/@href") == ["?utm_source=a%26b&lang=de"]


def test_thanks_are_the_forms_own_or_the_usual_ones() -> None:
    assert "We have received" in thanks_page(FORM)
    assert "Bis bald" in thanks_page(FORM.but(thanks="Bis bald"))
    assert "too large" in too_large_page(FORM)
