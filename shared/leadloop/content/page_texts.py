"""The texts of our pages, per language. They stand in `texts/<page>.<language>.toml`.

A new language is a new file for each page; a translator copies the English one. A language
without a file reads English. A file is parsed when the first page in its language is shown.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

PageKind = Literal["form", "link_page"]
DEFAULT_LANGUAGE = "en"
FOLDER = files("leadloop.content").joinpath("texts")


class FormTexts(NamedTuple):
    """The texts of a form's page and of its script, in one language.

    The texts from `email` on are named by the code of the fault that they explain. `{address}` in
    `email_suggestion` stands for the address that was probably meant.
    """

    language: str
    send: str
    optional: str
    empty: str
    other_languages: str
    thanks: str
    thanks_says: str
    mend: str
    wrong: str
    sending: str
    kept: str
    refused: str
    by_hand: str
    email: str
    email_suggestion: str
    required: str
    consent_required: str
    consent_changed: str
    file_refused: str
    not_a_number: str
    too_long: str
    too_large: str
    nul: str
    choose: str


class LinkPageTexts(NamedTuple):
    """The texts of the pages behind our links, in one language.

    `{name}` in `taken_says` stands for the colleague who has the lead. The texts that begin with
    `fact_` are labels of what the page shows of a lead.
    """

    preferences: str
    preferences_asks: str
    unsubscribe: str
    unsubscribed: str
    unsubscribed_says: str
    confirm: str
    confirm_asks: str
    confirm_button: str
    confirmed: str
    confirmed_says: str
    unknown_link: str
    unknown_link_says: str
    unknown_form: str
    unknown_form_says: str
    expired_link: str
    expired_link_says: str
    accept: str
    accept_asks: str
    accept_button: str
    accepted: str
    accepted_says: str
    taken: str
    taken_says: str
    fact_name: str
    fact_company: str
    fact_country: str
    fact_product: str
    fact_message: str
    fact_reasons: str
    fact_route: str
    fact_phone: str
    fact_email: str


def form_texts(language: str) -> FormTexts:
    """The texts of form pages in `language`, or in English where there are none."""
    return FormTexts(**_load("form", language))


def link_page_texts(language: str) -> LinkPageTexts:
    """The texts of link pages in `language`, or in English where there are none."""
    return LinkPageTexts(**_load("link_page", language))


@cache
def page_languages(page: PageKind) -> frozenset[str]:
    """The languages that this kind of page is translated into."""
    names = (file.name.split(".") for file in FOLDER.iterdir())
    return frozenset(language for name, language, _ in names if name == page)


def describe_form_fault(fault: str, language: str, address: str = "") -> str:
    """What a visitor must change, by the code of a fault; `address` is the one to suggest."""
    texts = form_texts(language)._asdict()
    return str(texts.get(fault, texts["wrong"])).replace("{address}", address)


def _load(page: PageKind, language: str) -> dict[str, str]:
    return _parse(page, language if language in page_languages(page) else DEFAULT_LANGUAGE)


@cache
def _parse(page: PageKind, language: str) -> dict[str, str]:
    return tomllib.loads(FOLDER.joinpath(f"{page}.{language}.toml").read_text("utf-8"))
