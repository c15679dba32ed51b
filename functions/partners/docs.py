"""The API's description: OpenAPI for programs, and the same as one page for people.

It is imported only when it is requested: it would double the imports of the door's cold start.
"""

import json
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.openapi.models import (
    APIKey,
    APIKeyIn,
    SecurityScheme,
    Server,
)
from liquid import Environment

from leadloop.edge.schema_names import PublishedSchemas, publish_schemas

TITLE = "leadloop partner API"
VERSION = "1"
TEXT = (
    "Send a lead, learn at once what became of it. Every request carries your key in the header "
    "x-api-key. Errors are problem details (RFC 9457) and say what to mend."
)
KEY_SCHEME = "partner_key"
SECURITY_SCHEMES: dict[str, SecurityScheme] = {
    KEY_SCHEME: APIKey(name="x-api-key", in_=APIKeyIn.header, description="Your key")
}
SECURITY = [{KEY_SCHEME: list[str]()}]
STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#4a5560;--paper:#fff;--shade:#f3f4f6;
--line:#d5d9de;--deed:#0b5cad}
*{box-sizing:border-box}
body{margin:0;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
main{max-width:50rem;margin:0 auto;padding:2rem 1.25rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 1rem}
h1 small{font-weight:400;color:var(--soft)}
h2{font-size:1.25rem;line-height:1.3}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
a{color:var(--deed)}
:focus-visible{outline:3px solid #d97706;outline-offset:2px}
section{margin:2rem 0 0;padding:.5rem 0 0;border-top:1px solid var(--line)}
code,pre{font:.9em/1.5 ui-monospace,monospace}
pre{margin:.5rem 0 1rem;padding:1rem;background:var(--shade);border:1px solid var(--line);
border-radius:.5rem;white-space:pre-wrap}
pre code{font-size:inherit}
dl{margin:0}
dt{font-weight:600;margin:.5rem 0 0}
dd{margin:0}
.answers{display:grid;grid-template-columns:3rem 1fr;gap:.5rem}
.answers dt{margin:0}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#aab4be;--paper:#16191d;
--shade:#20252b;--line:#3a424b;--deed:#6bb1ff}}
"""
PAGE_TEMPLATE = Environment(autoescape=True).from_string("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ info.title }}</title>
<style>{{ style | safe }}</style>
</head>
<body>
<main>
<h1>{{ info.title }} <small>{{ info.version }}</small></h1>
<p>{{ info.description }}</p>
<p>Machine-readable: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1)</p>
{% for operation in operations %}
<section>
<h2><code>{{ operation.method }} {{ operation.path }}</code></h2>
<p>{{ operation.summary }}</p>
{% if operation.parameters.size > 0 %}
<h3>Parameters</h3>
<dl>
{% for parameter in operation.parameters %}
<dt><code>{{ parameter.name }}</code> ({{ parameter['in'] }})</dt>
<dd>{{ parameter.description }}</dd>
{% endfor %}
</dl>
{% endif %}
{% if operation.example %}
<h3>Example</h3>
<pre><code>{{ operation.example }}</code></pre>
{% endif %}
<h3>Answers</h3>
<dl class="answers">
{% for answer in operation.answers %}
<dt><code>{{ answer.status }}</code></dt>
<dd>{{ answer.description }}</dd>
{% endfor %}
</dl>
</section>
{% endfor %}
</main>
</body>
</html>
""")


PUBLISHED = PublishedSchemas(
    names={"PartnerAnswer": "Answer"},
    texts={
        "Reason": "Why something came out as it did: `code` for machines, `text` in plain words."
        "\n\nWhere it can be mended in one `field`, that is named as its sender named it.",
        "SubmissionOutcome": "The four ends of a submission; each has exactly one, set once.",
    },
)


def openapi_json(app: APIGatewayRestResolver, address: str) -> str:
    """The OpenAPI document in JSON, made from the routes of `app` below `address`."""
    generated = app.get_openapi_json_schema(
        title=TITLE,
        version=VERSION,
        description=TEXT,
        security_schemes=SECURITY_SCHEMES,
        security=SECURITY,
        servers=[Server(url=address)],
    )
    return publish_schemas(generated, PUBLISHED)


def page(app: APIGatewayRestResolver, address: str) -> str:
    """The OpenAPI document as an HTML page."""
    description = json.loads(openapi_json(app, address))
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation.get("summary"),
            "parameters": operation.get("parameters", []),
            "example": _example(operation),
            "answers": [
                {"status": status, "description": answer["description"]}
                for status, answer in sorted(operation["responses"].items())
            ],
        }
        for path, methods in sorted(description["paths"].items())
        for method, operation in methods.items()
    ]
    return PAGE_TEMPLATE.render(style=STYLE, info=description["info"], operations=operations)


def _example(operation: Mapping[str, Any]) -> str | None:
    media = operation.get("requestBody", {}).get("content", {}).values()
    example = next((each["example"] for each in media if "example" in each), None)
    return None if example is None else json.dumps(example, indent=2, ensure_ascii=False)
