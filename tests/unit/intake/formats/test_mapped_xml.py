"""XML of a partner's own, read by XPath that is data."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.intake.formats.mapped_xml import parse_xml, read_xpaths, xpath_fault
from leadloop.model.errors import Unreadable

DOCUMENT = """<?xml version="1.0" encoding="iso-8859-1"?>
<l:lead xmlns:l="urn:x" ref="7"><!-- nobody's -->
  <person><mail> a@b.example </mail><score>9</score></person>
  <answer q="size">120</answer><answer q="colour">red</answer>
  <text>one
    two</text>
</l:lead>"""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/lead/person/mail", "a@b.example"),
        ("/lead/@ref", "7"),
        ("//answer[@q='size']", "120"),
        ("//answer[@q='size']/text()", "120"),
        ("concat(/lead/@ref, '-', //mail)", "7- a@b.example "),
        ("count(//answer)", "2"),
        ("boolean(/lead/nothing)", "false"),
        ("/lead/text", "one\ntwo"),
        ("/lead/nothing", None),
    ],
)
def test_what_stands_at_a_path_is_found_whatever_the_namespaces(path: str, value: Any) -> None:
    found = read_xpaths(parse_xml(DOCUMENT), [path])
    assert found.values == {path: value}
    assert found.misfits == ()


def test_a_path_that_finds_several_things_is_a_fault_and_no_guess() -> None:
    (misfit,) = read_xpaths(parse_xml(DOCUMENT), ["//answer"]).misfits
    assert "2 times" in misfit.text


def test_what_no_path_asks_for_is_told() -> None:
    paths = ["/lead/person/mail", "//answer[@q='size']", "/lead/@ref"]
    found = read_xpaths(parse_xml(DOCUMENT), paths)
    assert found.ignored == ("/lead/answer", "/lead/person/score", "/lead/text")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "<a>",
        "<a>&nbsp;</a>",
        "<a/><b/>",
        "<" + "a" * 200_000,
        "<a>" * 20_000 + "</a>" * 20_000,
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        '<! DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
        "<a b='&#0;'/>",
    ],
)
def test_xml_that_is_broken_or_hostile_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_xml(text)


@given(st.text(alphabet="<>/=a'\"& \n!?[]-", max_size=60))
def test_whatever_is_sent_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Unreadable):
        read_xpaths(parse_xml(text), ["/a", "//@a"])


@pytest.mark.parametrize("path", ["/lead[", "", "nofn(/a)", "/x:lead", "document('a')", "/a" * 300])
def test_a_path_that_is_none_is_a_fault_of_the_playbook(path: str) -> None:
    assert xpath_fault(path)


@pytest.mark.parametrize("path", ["/a/b", "//a[@b='c']", "concat(/a, ' ', /b)", "/a/@b"])
def test_a_path_as_people_write_it_is_no_fault(path: str) -> None:
    assert xpath_fault(path) is None
