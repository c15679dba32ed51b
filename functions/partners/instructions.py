"""The instructions for one partner, as a page and as a text, made from its source.

They are imported only when they are requested, as the description is.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from liquid import Environment

from leadloop.intake.partners.instructions import (
    FieldInstruction,
    PostExample,
    build_examples,
    common_names,
    field_instructions,
)
from leadloop.intake.policy import PartnerSource
from leadloop.model.lead import SubmissionOutcome
from partners.answer import SENT_BEFORE, PartnerAnswer
from partners.description import POST_RESPONSES
from partners.docs import STYLE

TABLE_STYLE = """
table{border-collapse:collapse;width:100%;margin:0 0 1rem}
th,td{text-align:left;vertical-align:top;padding:.375rem .75rem .375rem 0;
border-bottom:1px solid var(--line)}
@media(max-width:40rem){thead{position:absolute;width:1px;overflow:hidden;clip-path:inset(50%)}
tr,td{display:block}tr{padding:.5rem 0;border-bottom:1px solid var(--line)}
td{padding:0;border:0}td:nth-child(2):not(:empty)::before{content:"required: "}}
"""
SAMPLE_ID, SAMPLE_LEAD_ID = "4NFQ2ZRM6UVYB3KDHW7S5XCLTE", "7QJX2MVDRLZ4YTNB6KSWHCPU3A"
SAMPLE_ANSWERS = {
    201: PartnerAnswer(submission_id=SAMPLE_ID, outcome=SubmissionOutcome.LEAD, lead_id=SAMPLE_ID),
    200: PartnerAnswer(
        submission_id=SAMPLE_ID,
        outcome=SubmissionOutcome.MERGED,
        lead_id=SAMPLE_LEAD_ID,
        reasons=(SENT_BEFORE,),
    ),
}
TITLE = "How to post leads"
MARKDOWN_TEMPLATE = Environment().from_string("""\
# {{ title }}: {{ name }}

`POST {{ address }}/v1/leads`, one lead a call, at most 192 KB, with two headers:

- `x-api-key`: your key
- `Idempotency-Key`: your own id of the lead{% if key %} (without it, `{{ key }}`){% endif %}. The \
same key with the same body is one lead and one answer, however often it is sent.

With `?test=1` a lead is decided and answered like any other, and nothing is kept, nobody is told.

## Fields

| name | required | what it looks like | what it is |
| --- | --- | --- | --- |
{% for field in fields %}| `{{ field.cell }}` | {{ field.must }} | {{ field.looks }} | \
{{ field.what }} |
{% endfor %}
{% if common %}Also understood, by these names: {{ common }}.
{% endif %}\
Names that nobody knows are left out; the answer lists them as `ignored`.
{% for example in examples %}
## {{ example.title }}
{% if example.fields != empty %}
| path | required | what it looks like | what it is |
| --- | --- | --- | --- |
{% for field in example.fields %}| `{{ field.cell }}` | {{ field.must }} | {{ field.looks }} | \
{{ field.what }} |
{% endfor %}{% endif %}
```sh
{{ example.curl }}
```
{% endfor %}
## Answers

| status | meaning |
| --- | --- |
{% for answer in answers %}| {{ answer.status }} | {{ answer.text }} |
{% endfor %}
{% for answer in answers %}{% if answer.sample %}
{{ answer.status }}:

```json
{{ answer.sample }}
```
{% endif %}{% endfor %}
`GET {{ address }}/v1/submissions/{submission_id}` tells the same again, at any time.
""")
PAGE_TEMPLATE = Environment(autoescape=True).from_string("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}: {{ name }}</title>
<style>{{ style | safe }}</style>
</head>
<body>
<main>
<h1>{{ title }}: {{ name }}</h1>
<p><code>POST {{ address }}/v1/leads</code>, one lead a call, at most 192 KB, with two headers:</p>
<dl>
<dt><code>x-api-key</code></dt>
<dd>your key</dd>
<dt><code>Idempotency-Key</code></dt>
<dd>your own id of the lead{% if key %} (without it, <code>{{ key }}</code>){% endif %}. The same
key with the same body is one lead and one answer, however often it is sent.</dd>
</dl>
<p>With <code>?test=1</code> a lead is decided and answered like any other, and nothing is kept,
nobody is told.</p>
<h2>Fields</h2>
<table>
<thead><tr><th>name</th><th>required</th><th>what it looks like</th><th>what it is</th></tr></thead>
<tbody>
{% for field in fields %}
<tr><td><code>{{ field.name }}</code></td><td>{{ field.must }}</td><td>{{ field.looks }}</td>
<td>{{ field.what }}</td></tr>
{% endfor %}
</tbody>
</table>
{% if common %}<p>Also understood, by these names: {{ common }}.</p>{% endif %}
<p>Names that nobody knows are left out; the answer lists them as <code>ignored</code>.</p>
{% for example in examples %}
<section>
<h2>{{ example.title }}</h2>
{% if example.fields != empty %}
<table>
<thead><tr><th>path</th><th>required</th><th>what it looks like</th><th>what it is</th></tr></thead>
<tbody>
{% for field in example.fields %}
<tr><td><code>{{ field.name }}</code></td><td>{{ field.must }}</td><td>{{ field.looks }}</td>
<td>{{ field.what }}</td></tr>
{% endfor %}
</tbody>
</table>
{% endif %}
<pre><code>{{ example.curl }}</code></pre>
</section>
{% endfor %}
<section>
<h2>Answers</h2>
<dl class="answers">
{% for answer in answers %}
<dt><code>{{ answer.status }}</code></dt>
<dd>{{ answer.text }}
{% if answer.sample %}<pre><code>{{ answer.sample }}</code></pre>{% endif %}</dd>
{% endfor %}
</dl>
<p><code>GET {{ address }}/v1/submissions/{submission_id}</code> tells the same again, at any
time.</p>
</section>
</main>
</body>
</html>
""")


def markdown(source: PartnerSource, address: str, now: datetime) -> str:
    """The instructions in Markdown, for a mail or a wiki."""
    return MARKDOWN_TEMPLATE.render(**_template_context(source, address, now))


def page(source: PartnerSource, address: str, now: datetime) -> str:
    """The instructions as an HTML page."""
    return PAGE_TEMPLATE.render(
        style=STYLE + TABLE_STYLE, **_template_context(source, address, now)
    )


def _template_context(source: PartnerSource, address: str, now: datetime) -> dict[str, Any]:
    examples = build_examples(source, now)
    return {
        "title": TITLE,
        "name": source.vendor or source.id,
        "address": address,
        "key": source.key_field,
        "fields": [_row(field) for field in field_instructions(source)],
        "common": ", ".join(common_names(source)),
        "examples": [
            {
                "title": example.title,
                "fields": [_row(field) for field in example.fields],
                "curl": _curl(example, address),
            }
            for example in examples
        ],
        "answers": list(_answers()),
    }


def _row(field: FieldInstruction) -> dict[str, str]:
    group, _, name = field.field.partition(".")
    what = f"your own field “{name}”" if group == "fields" else (name or group).replace("_", " ")
    return {
        "name": field.name,
        "cell": field.name.replace("|", "\\|"),  # of a table in Markdown
        "must": "yes" if field.required else "",
        "looks": field.format,
        "what": what,
    }


def _curl(example: PostExample, address: str) -> str:
    """A test call that can be pasted into a shell."""
    return (
        f"curl '{address}/v1/leads?test=1' \\\n"
        "  -H 'x-api-key: YOUR-KEY' \\\n"
        "  -H 'Idempotency-Key: YOUR-ID-OF-THE-LEAD' \\\n"
        f"  -H 'Content-Type: {example.content_type}' \\\n"
        f"  --data-binary @- <<'LEAD'\n{example.body}\nLEAD"
    )


def _answers() -> Iterator[dict[str, Any]]:
    for status, answer in sorted(POST_RESPONSES.items()):
        sample = SAMPLE_ANSWERS.get(status)
        yield {
            "status": status,
            "text": answer["description"],
            "sample": sample and sample.model_dump_json(exclude_none=True, indent=2),
        }
