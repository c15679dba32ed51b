import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.content.links import (
    SALTS,
    AcceptLink,
    Click,
    Confirm,
    Download,
    FormPageTime,
    Links,
    Open,
    Unsubscribe,
    landing_url,
)

LEAD = "MFRGGZDFMZTWQ2LKNNWG23TPOA"
FIRST = f"{LEAD}#1"
STEP = f"due:{LEAD}::step:2026-11-21T23:25:47.123456+00:00#0"
HASH = "0123456789abcdef" * 4
LINKS = Links("a secret that is long enough for links")
PURPOSES: tuple[Any, ...] = (Click, Open, Unsubscribe, Confirm, AcceptLink)


def test_each_token_says_what_it_was_made_for() -> None:
    url = "https://acme.example/guide?size=200&lang=de#top"
    assert LINKS.read(LINKS.click(LEAD, STEP, url), Click) == Click(LEAD, STEP, url)
    assert LINKS.read(LINKS.open(LEAD, STEP), Open) == Open(LEAD, STEP)
    stop = Unsubscribe(LEAD, STEP, HASH)
    assert LINKS.read(LINKS.unsubscribe(LEAD, STEP, HASH), Unsubscribe) == stop
    assert LINKS.read(LINKS.accept(LEAD, "anna.nowak"), AcceptLink) == AcceptLink(
        LEAD, "anna.nowak"
    )


def test_a_token_is_good_for_its_own_purpose_only() -> None:
    tokens = {
        Click: LINKS.click(LEAD, FIRST, "https://acme.example/"),
        Open: LINKS.open(LEAD, FIRST),
        Unsubscribe: LINKS.unsubscribe(LEAD, FIRST, HASH),
        Confirm: LINKS.confirm(LEAD, FIRST),
        AcceptLink: LINKS.accept(LEAD, "anna"),
    }
    for made_for, token in tokens.items():
        assert {p for p in PURPOSES if LINKS.read(token, p) is not None} == {made_for}


def test_tokens_are_short_and_need_no_escaping_in_an_address() -> None:
    tokens = [
        LINKS.open(LEAD, FIRST),
        LINKS.open(LEAD, STEP),
        LINKS.accept(LEAD, "anna.nowak"),
        LINKS.click(LEAD, FIRST, "https://acme.example/g"),
    ]
    assert max(map(len, tokens)) <= 96
    stop = LINKS.unsubscribe(LEAD, STEP, HASH)
    assert len(stop) <= 140
    safe = set(string.ascii_letters + string.digits + "-_.")
    assert all(set(token) <= safe for token in (*tokens, stop))


def test_any_changed_character_makes_it_somebody_elses() -> None:
    token = LINKS.click(LEAD, FIRST, "https://acme.example/")
    value, _, signature = token.partition(".")
    assert len(signature) * 6 >= 128
    for place in range(len(token) - 1):  # the last one holds four bits that say nothing
        other = "A" if token[place] != "A" else "B"
        assert LINKS.read(token[:place] + other + token[place + 1 :], Click) is None
    assert LINKS.read(value, Click) is None
    assert LINKS.read(f"{value}.", Click) is None


@given(st.text())
def test_whatever_is_sent_instead_of_a_token_is_unknown(token: str) -> None:
    assert all(LINKS.read(token, purpose) is None for purpose in PURPOSES)


def test_another_secret_knows_nothing_of_our_tokens() -> None:
    other = Links("another secret that is long enough too")
    assert other.read(LINKS.open(LEAD, FIRST), Open) is None


def test_after_a_change_of_secret_old_links_work_and_new_ones_are_signed_anew() -> None:
    old, new = "the old secret, long enough for links", "the new secret, long enough for links"
    both = Links(old, new)
    assert both.read(Links(old).accept(LEAD, "anna"), AcceptLink) is not None
    assert Links(new).read(both.accept(LEAD, "anna"), AcceptLink) is not None
    assert Links(old).read(both.accept(LEAD, "anna"), AcceptLink) is None


@pytest.mark.parametrize("secrets", [(), ("",), ("short",), ("x" * 40, "short")])
def test_a_secret_that_can_be_guessed_is_refused(secrets: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="at least 32 bytes"):
        Links(*secrets)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "//evil.example/",
        "/relative",
        "data:text/html,x",
        "https:///nowhere",
        "https://acme.example/\r\nSet-Cookie: x=1",
        "",
    ],
)
def test_a_click_goes_to_an_absolute_web_address_only(url: str) -> None:
    with pytest.raises(ValueError, match="absolute"):
        LINKS.click(LEAD, FIRST, url)


@given(st.text(min_size=1).filter(lambda t: not set(t) & {"\0", "\1"}), st.text(max_size=30))
def test_ids_of_any_letters_come_back_as_they_were(lead: str, rest: str) -> None:
    if set(rest) & {"\0", "\1"}:
        return
    delivery = f"due:{lead}:{rest}#0"
    try:
        token = LINKS.open(lead, delivery)
    except UnicodeEncodeError:  # lone surrogates never get into an id
        return
    assert LINKS.read(token, Open) == Open(lead, delivery)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://acme.example/g", "https://acme.example/g?ll=tok"),
        ("https://acme.example/g?a=1&b=x+y#top", "https://acme.example/g?a=1&b=x+y&ll=tok#top"),
    ],
)
def test_the_landing_page_is_told_the_token_beside_what_its_address_says(
    url: str, address: str
) -> None:
    assert landing_url(Click(LEAD, FIRST, url), "tok") == address


def test_a_link_that_was_sent_before_a_class_got_another_name_is_still_read() -> None:
    links = Links("one secret for links, long enough 32")
    sent = {
        "APMxZGC0cjFEEUtMzk2FWaufCAA.CUBugpi5jtenkq8rRVENeQ": (Click, "https://www.acme.example/a"),
        "APMxZGC0cjEEAA.Xcwxkkg1XqsQ1rCZiyZsuQ": (Open, "L1:D1"),
        "AgD_8zFkYLRyMQQA.DiH1h4HLJ-_sL_g-JH8nDg": (Unsubscribe, "00ff"),
        "APMxZGC0cjFkSC_NTEllMDS3NDM0NAL6AgA.eVRSSjTErZ-RiBX9iVVvXw": (Download, "1796112000"),
        "APMxZGBUNgQA.wBn8DlMA60Ik9Sj7pZp3SQ": (Confirm, "L1#1"),
        "AEtjMDS3NDM0NII4HgA.4kuVn4IVL9KbQERV2mK_tg": (FormPageTime, "1796112000000"),
    }
    for token, (purpose, last) in sent.items():
        read = links.read(token, purpose)
        assert read is not None
        assert read[-1] == last
    assert set(SALTS) == {purpose for purpose, _ in sent.values()} | {AcceptLink}
