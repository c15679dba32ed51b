"""Checks the pages of a playbook's forms: renders each one with what its examples post."""

from collections.abc import Iterator, Mapping

from leadloop.content.form_page import RejectedInput, render_form_page, thanks_page
from leadloop.intake.forms.page_model import build_form_page, form_languages
from leadloop.intake.policy import FormSource
from leadloop.playbook.examples import Example
from leadloop.playbook.model import Playbook

MOST_BYTES = 200_000  # of a page
NO_EXAMPLE = "no example"
ANY_FAULT = "required"  # the code of a fault, for the page that asks to mend the post


def check_pages(playbook: Playbook, examples: Mapping[str, Example]) -> Iterator[str]:
    """One line for each language of a form whose page cannot be shown.

    A page is rendered with what each example of the form posts, as if all of it were to be mended.
    """
    for source in playbook.sources.values():
        if isinstance(source, FormSource):
            posts = {
                case: {name: str(value) for name, value in example.fields.items()}
                for case, example in examples.items()
                if example.source == source.id
            }
            for language in form_languages(source):
                faults = _page_faults(source, language, posts or {NO_EXAMPLE: {}})
                if (fault := next(faults, None)) is not None:
                    yield fault


def _page_faults(
    source: FormSource, language: str, posts: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    form = build_form_page(source, language)
    for case, values in posts.items():
        wrong = {field.name: ANY_FAULT for field in form.fields}
        pages = (render_form_page(form, {}, {}, RejectedInput(values, wrong)), thanks_page(form))
        where = f"sources/{source.id}: its page ({language})"
        try:
            size = max(len(page.encode()) for page in pages)
        except UnicodeEncodeError:
            yield f"{where} cannot be written as UTF-8 (rendered for {case})"
        else:
            if size > MOST_BYTES:
                text = f"has {size} bytes; {MOST_BYTES} are the most"
                yield f"{where} {text} (rendered for {case})"
