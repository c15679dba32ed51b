"""A real browser, the door `capture` behind real HTTP, and a company's page of another origin."""

import base64
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from capture.handler import handler
from leadloop.intake.envelope import Envelope
from leadloop.intake.forms.field_defaults import LABELS
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from tests.browser.chromium import find_chromium
from tests.functions.aws_fixture import (
    SECTIONS,
    AwsFixture,
    http_event,
    open_aws_fixture,
    reset_caches,
)
from tests.lambda_context import FakeLambdaContext

PAGE_TIMEOUT = 10_000  # milliseconds
CONTEXT = FakeLambdaContext()


class Site:
    """HTTP on a port of this machine, answered by a function of ours."""

    def __init__(self, host: str) -> None:
        site = self

        class Answering(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(size)
                with site.lock:
                    status, headers, said = site.answer(self, body)
                self.send_response(status)
                for name, value in [*headers, ("Content-Length", str(len(said)))]:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_POST = do_OPTIONS = answer  # noqa: N815  the server's names

            def log_message(self, *_: object) -> None:
                """Quietly."""

        self.lock = Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self._server.daemon_threads = True
        self.origin = f"http://{host}:{self._server.server_port}"
        self.answer: Callable[[BaseHTTPRequestHandler, bytes], Any] = lambda *_: (404, [], b"")

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Door(Site):
    """`capture`, as API Gateway would call it. `down` makes it answer 503 to posts."""

    def __init__(self, home: AwsFixture) -> None:
        super().__init__("127.0.0.1")
        self.home = home
        self.answer = self._call
        self.down = False
        self.posts = 0

    def _call(self, asked: BaseHTTPRequestHandler, body: bytes) -> Any:
        parts = urlsplit(asked.path)
        headers = {name.lower(): value for name, value in asked.headers.items()}
        event = http_event(asked.command, parts.path, base64.b64encode(body).decode())
        if asked.command == "POST":
            self.posts += 1
            if self.down:
                return 503, [("Access-Control-Allow-Origin", "*")], b"{}"
        more = {
            "headers": headers,
            "isBase64Encoded": True,
            "queryStringParameters": dict(parse_qsl(parts.query)) or None,
        }
        said = handler({**event, **more}, CONTEXT)
        values = [(n, v) for n, each in said["multiValueHeaders"].items() for v in each]
        text = said["body"] or ""
        raw = base64.b64decode(text) if said["isBase64Encoded"] else text.encode()
        return said["statusCode"], values, raw

    def queued_posts(self) -> list[dict[str, Any]]:
        """The posts that were queued since the last look, as named values."""
        found = [
            Envelope.model_validate(each) for each in self.home.receive_messages("submissions")
        ]
        return [
            json.loads(each.body or b"")
            if each.content_type == "application/json"
            else dict(parse_qsl((each.body or b"").decode(errors="replace")))
            for each in found
        ]


class Pages(Site):
    """The company's own site, with a policy of its own: scripts of ours only, none in the page."""

    def __init__(self, door: Door) -> None:
        super().__init__("localhost")
        self.pages: dict[str, str] = {}
        self.answer = self._page
        self.policy = (
            f"default-src 'none'; script-src {door.origin}; connect-src {door.origin}; "
            f"style-src 'self'; form-action 'self' {door.origin}"
        )

    def _page(self, asked: BaseHTTPRequestHandler, _: bytes) -> Any:
        page = self.pages.get(urlsplit(asked.path).path)
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", self.policy),
        ]
        text = f"<!doctype html><html lang=en><title>Acme</title><main>{page}</main>"
        return (200 if page else 404), headers, text.encode()


@pytest.fixture(scope="session")
def sites() -> Iterator[tuple[Door, Pages]]:
    """Both origins; the form allows the company's."""
    with pytest.MonkeyPatch.context() as patched, open_aws_fixture(patched) as home:
        door = Door(home)
        pages = Pages(door)
        home.publish(_playbook(pages.origin))
        reset_caches()
        with ThreadPoolExecutor(2) as pool:
            serving = [pool.submit(site.serve) for site in (door, pages)]
            yield door, pages
            for site in (door, pages):
                site.close()
            for each in serving:
                each.result()


@pytest.fixture
def door(sites: tuple[Door, Pages]) -> Iterator[Door]:
    door = sites[0]
    door.home.receive_messages("submissions")
    door.posts = 0
    yield door
    door.down = False


@pytest.fixture
def pages(sites: tuple[Door, Pages]) -> Pages:
    sites[1].pages = {}
    return sites[1]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if os.environ.get("LEADLOOP_BROWSER") == "none":
        pytest.skip("LEADLOOP_BROWSER=none: nothing was looked at in a browser")
    found = find_chromium()
    with sync_playwright() as driver:
        launched = driver.chromium.launch(
            executable_path=found.path,
            args=["--no-sandbox"],  # whoever runs the suite may be root, and the pages are ours
            env={**os.environ, **found.environment},
        )
        yield launched
        launched.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A person with a fresh browser."""
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(PAGE_TIMEOUT)
    yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext) -> Page:
    return visitor.new_page()


@pytest.fixture
def scriptless(browser: Browser) -> Iterator[Page]:
    """The same without a script."""
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    context.set_default_timeout(PAGE_TIMEOUT)
    yield context.new_page()
    context.close()


def _playbook(origin: str) -> Playbook:
    contact = SECTIONS["sources"]["contact"]
    own: dict[str, Any] = {
        "required": ["email", "company"],
        "allowed_origins": [origin],
        "thank_you": None,
        "fields": {
            "name": "contact.name",
            "email": "contact.email",
            "company": "contact.company",
            "employees": "interest.employees",
            "when": "interest.timeframe",
            "message": "interest.message",
            "plan": "fields.plan",
        },
        "page": {
            "headline": {"en": "Ask for a pump"},
            "intro": {"en": "We answer within a day."},
            "fields": [
                {"name": "name"},
                {"name": "email"},
                {"name": "company"},
                {"name": "employees", "hints": {"en": "All sites together"}},
                {"name": "when", "options": [{"value": "asap"}, {"value": "later"}]},
                {"name": "message"},
            ],
        },
    }
    with_file: dict[str, Any] = {
        **own["page"],
        "fields": [*own["page"]["fields"], {"name": "plan", "kind": "file"}],
    }
    forms = {
        "contact": {**contact, **own},
        "plan": {**contact, **own, "id": "plan", "page": with_file},
        "wide": {**contact, "id": "wide", "fields": {ours: ours for ours in sorted(LABELS)}},
        "device": {**contact, **own, "id": "device", "device": True},
        "away": {**contact, **own, "id": "away", "thank_you": f"{origin}/thanks"},
    }
    return stamp_version(
        Playbook.model_validate({**SECTIONS, "sources": {**SECTIONS["sources"], **forms}})
    )
