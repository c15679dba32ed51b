import pytest

from leadloop.content.page_texts import (
    DEFAULT_LANGUAGE,
    FOLDER,
    describe_form_fault,
    form_texts,
    link_page_texts,
    page_languages,
)

LANGUAGES = sorted(page_languages("form"))


def test_each_kind_of_page_has_the_same_languages_and_english_is_one_of_them() -> None:
    assert sorted(page_languages("link_page")) == LANGUAGES
    assert DEFAULT_LANGUAGE in LANGUAGES
    assert len(list(FOLDER.iterdir())) == 2 * len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_has_a_text_for_every_name(language: str) -> None:
    texts = (*form_texts(language), *link_page_texts(language))
    assert all(isinstance(text, str) and text.strip() for text in texts)
    assert "{name}" in link_page_texts(language).taken_says


def test_a_language_without_a_file_reads_english() -> None:
    assert link_page_texts("th") == link_page_texts(DEFAULT_LANGUAGE)
    assert form_texts("../en") == form_texts(DEFAULT_LANGUAGE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_without_a_text_of_its_own_has_the_general_one(language: str) -> None:
    texts = form_texts(language)
    assert describe_form_fault("no such code", language) == texts.wrong
    assert describe_form_fault("required", language) == texts.required
