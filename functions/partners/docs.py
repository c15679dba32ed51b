"""The API's description: OpenAPI for programs, the same as one page for people.

Imported only when somebody asks for it: it would double what the door's cold start imports.
"""

import json
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.openapi.models import APIKey, APIKeyIn, SecurityScheme
from liquid import Environment

TITLE = "leadloop partner API"
VERSION = "1"
TEXT = (
    "Send a lead, learn at once what became of it. Every request carries your key in the header "
    "x-api-key. Errors are problem details (RFC 9457) and say what to mend."
)
KEY = "partner_key"
SECURITY_SCHEMES: dict[str, SecurityScheme] = {
    KEY: APIKey(name="x-api-key", in_=APIKeyIn.header, description="Your key")
}
SECURITY = [{KEY: list[str]()}]
STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "pre{background:#f3f3f5;padding:1rem;overflow-x:auto}dt{font-weight:600;margin-top:.5rem}"
    "section{border-top:1px solid #999;margin-top:2rem}"
)
PAGE = Environment(autoescape=True).from_string("""\
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
{% if operation.parameters %}
<h3>Parameters</h3>
<dl>
{% for parameter in operation.parameters %}
<dt><code>{{ parameter.name }}</code> (in {{ parameter['in'] }})</dt>
<dd>{{ parameter.description }}</dd>
{% endfor %}
</dl>
{% endif %}
{% if operation.example %}
<h3>Example</h3>
<pre><code>{{ operation.example }}</code></pre>
{% endif %}
<h3>Answers</h3>
<dl>
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


def openapi(app: APIGatewayRestResolver) -> str:
    """Made from the routes of `app`."""
    return app.get_openapi_json_schema(
        title=TITLE,
        version=VERSION,
        description=TEXT,
        security_schemes=SECURITY_SCHEMES,
        security=SECURITY,
    )


def page(app: APIGatewayRestResolver) -> str:
    """What the OpenAPI document does not say, the page does not show."""
    description = json.loads(openapi(app))
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
    return PAGE.render(style=STYLE, info=description["info"], operations=operations)


def _example(operation: Mapping[str, Any]) -> str | None:
    media = operation.get("requestBody", {}).get("content", {}).values()
    example = next((each["example"] for each in media if "example" in each), None)
    return None if example is None else json.dumps(example, indent=2, ensure_ascii=False)
