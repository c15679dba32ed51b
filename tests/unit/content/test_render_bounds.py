"""S23: a render is bounded in steps, bytes and depth inside each filter and loop."""

import time

import pytest

from leadloop.content.policy import Template, Text
from leadloop.content.templates import (
    RenderedMessage,
    TemplateBroken,
    render_template,
    template_faults,
)

WORDS = {"m": "aß%ΐ" * 1000, "n": "aß%ΐ" * 400 + "b"}


def render_body(body: str, **words: object) -> RenderedMessage:
    template = Template(id="guide", texts={"en": Text(subject="Hello", body=body)})
    return render_template(template, "en", words, default="en")


@pytest.mark.parametrize(
    "body",
    [
        "{% for i in (1..9999) %}{% endfor %}" * 3000,
        "{% for i in (1..1000000000000) reversed %}{% endfor %}",
        "{% for i in (1..100000000000) offset: 99999999990 limit: 1 %}x{% endfor %}",
        "{% if (1..1000000000000) contains 'a' %}x{% endif %}",
        "{% assign r = (1..1000000000000) %}{% if r contains 'a' %}x{% endif %}",
        "{{ (1..1000000000) | join: ',' }}",
        "{{ (1..1000000000) | last }}",
        "{{ m | default: (1..1000000000) | split: '' | append: (-1000000000..2) }}",
        "{% for i in (1..9999) %}{{ m | split: '' | reverse | join | size }}{% endfor %}",
        "{% for i in (1..9999) %}{% if m contains n %}x{% endif %}{% endfor %}",
        "{% for i in (1..9999) %}" + "{% if 1 == 2 %}{% endif %}" * 2000 + "{% endfor %}",
        "{% for i in (1..9999) %}{% if " + "1 == 2 or " * 150 + "1 == 2 %}x{% endif %}{% endfor %}",
        "{% for i in (1..9999) %}" + '{{ "" }}' * 2000 + "{% endfor %}",
        "{% for i in (1..9999) %}{% capture x %}" + "y" * 20_000 + "{% endcapture %}{% endfor %}",
        "{% for i in (1..9999) %}{% assign t = t | append: 'abcdefgh' %}{% endfor %}",
        "".join(f"{{% assign a{i} = 1 %}}" for i in range(3000)),
        "{{ m" + " | append: m" * 400 + "| size }}",
        "{{ m" + " | url_encode" * 400 + "| size }}",
        "{{ m" + " | upcase | downcase" * 4000 + "| size }}",
        "{% if " + "1 and " * 5000 + "1 %}x{% endif %}",
        "{{ " + "a[" * 3000 + "b" + "]" * 3000 + " }}",
        "{% liquid\n" + "for i in (1..9999)\nassign x = i | times: 3\nendfor\n" * 40 + "%}",
        "{% case m %}" + "{% when 'a' %}b" * 5000 + "{% endcase %}",
    ],
    ids=lambda body: str(body)[:40],
)
def test_s23_a_render_is_bounded_inside_each_filter_and_loop(body: str) -> None:
    began = time.process_time()
    with pytest.raises(TemplateBroken):
        render_body(body, **WORDS)
    assert time.process_time() - began < 2


def test_s23_what_is_nested_too_deeply_is_told_at_check() -> None:
    body = "{% if " + "1 and " * 5000 + "1 %}x{% endif %}"
    assert template_faults(Template(id="t", texts={"en": Text(subject="s", body=body)}))


def test_s23_depth_is_bounded_whatever_the_interpreter_bears() -> None:
    deep = "{{ " + "a[" * 60 + "b" + "]" * 60 + " }}"
    with pytest.raises(TemplateBroken, match="nested too deeply"):
        render_body(deep)
    assert render_body("{{ a[b[c]] }} [x] [y]").text == " [x] [y]\n".lstrip()


def test_ordinary_loops_and_filters_are_far_from_the_bounds() -> None:
    body = (
        "{% for n in (1..50) %}{% for each in list %}{{ forloop.index }}. {{ each | upcase }}"
        "{% if each contains 'a' %}!{% endif %}\n{% endfor %}{% endfor %}"
        "{% for n in (1990..2030) reversed %}{{ n }} {% endfor %}"
    )
    text = render_body(body, list=["reason a", "reason b", "c" * 500]).text
    assert text.startswith("1. REASON A!\n2. REASON B!\n3. CCC")
    assert text.endswith(" 1991 1990\n")


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ("{{ 4.5 | round }} {{ 1.5 | round }} {{ 7 | times: 0.5 | round }}", "5 2 4"),
        ("{{ -4.5 | round }} {{ -0.5 | round }} {{ '18.5' | round }}", "-5 -1 19"),
        ("{{ 8640.5 | round }} Kč, {{ 8641.5 | round }} Kč", "8641 Kč, 8642 Kč"),
        ("{{ 1.005 | round: 2 }} {{ 0.125 | round: 2 }} {{ 3 | round: 2 }}", "1.01 0.13 3"),
        ("{{ 2750 | round: -2 }} {{ 2749.5 | round: -2 }} {{ 7 | round: -9 }}", "2800 2700 0"),
        ("{{ 'zł' | round }} {{ 6.5 | round: 'x' }}", "0 7"),
        ("{{ 'Łucja' | truncate: 2 }} {{ 'Łucja' | truncate: 4 }}", "... Ł..."),
        ("{{ 'José' | truncate: 4 }} {{ 'José M' | truncate: 4, '' }}", "José José"),
        (
            "{{ 'abcd' | truncate: 3, ' (mehr)' }}|{{ 'abc' | truncate: 3, ' (mehr)' }}",
            "(mehr)|abc",
        ),
        ("{{ 'x;y;;' | split: ';' | size }} {{ ';x' | split: ';' | size }}", "2 2"),
        ("{{ 'x;;y' | split: ';' | join: '|' }} {{ ';;' | split: ';' | size }}", "x||y 0"),
        ("{{ 'żółw' | split: '' | join: '-' }} {{ '' | split: ',' | size }}", "ż-ó-ł-w 0"),
    ],
)
def test_numbers_and_texts_are_cut_as_in_liquid(body: str, right: str) -> None:
    assert render_body(body).text == f"{right}\n"
