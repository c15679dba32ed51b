"""How each vendor is asked, over a socket of this machine: pages, periods, keys in no address."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from leadloop.model.provider_check import CheckRef
from leadloop.providers import linkedin, meta, typeform
from leadloop.providers.checks import ProviderChecks
from leadloop.providers.http_json import HttpClient, NoAnswer
from leadloop.providers.vendor_api import VendorSession
from tests.unit.intake.webhooks.posts import build_source, read_post

UNTIL = datetime(2026, 3, 2, 9, tzinfo=UTC)
SINCE = UNTIL - timedelta(hours=25)
KEY = "the vendor's key"
Answer = tuple[int, object]


class Vendor:
    """Answers as `says` says to path and query; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.says: Callable[[str, dict[str, str]], Answer] = lambda _path, _query: (200, {})
        vendor = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                vendor.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                status, said = vendor.says(parts.path, query)
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.outside = HttpClient(gateway=f"http://127.0.0.1:{self.server.server_address[1]}")

    def asking(self, format_: str, *forms: str) -> VendorSession:
        return VendorSession(
            self.outside, build_source(format_, token="key", forms=forms), lambda _: KEY
        )


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    made = Vendor()
    thread = Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def rows(*ids: str, at: datetime = UNTIL) -> list[dict[str, str]]:
    return [{"id": id_, "created_time": at.isoformat()} for id_ in ids]


def test_meta_is_read_page_by_page_and_up_to_the_period(vendor: Vendor) -> None:
    late = rows("9", at=UNTIL + timedelta(minutes=1))
    pages = {
        "": {"data": rows("1", "2"), "paging": {"cursors": {"after": "x"}, "next": "https://…"}},
        "x": {"data": [*rows("3"), *late], "paging": {"cursors": {"after": "y"}}},
    }
    vendor.says = lambda _, query: (200, pages[query.get("after", "")])
    found = list(meta.list_leads(vendor.asking("meta", "55"), SINCE, UNTIL))
    assert [lead.id for lead in found] == ["1", "2", "3"]
    assert f'"value": {int(SINCE.timestamp())}' in parse_qs(vendor.asked[0][0])["filtering"][0]
    named = read_post(found[0].post, build_source("meta"))
    assert [each.fetch.id for each in named if each.fetch] == ["1"]


def test_linkedin_is_asked_for_whole_pages_until_one_is_not(vendor: Vendor) -> None:
    full = {"elements": [{"id": f"{n}"} for n in range(linkedin.PAGE_SIZE)]}

    def says(_: str, query: dict[str, str]) -> Answer:
        return 200, full if query["start"] == "0" else {"elements": [{"id": "last"}]}

    vendor.says = says
    asking = vendor.asking("linkedin", "urn:li:sponsoredAccount:7")
    found = list(linkedin.list_leads(asking, SINCE, UNTIL))
    assert (len(found), found[-1].id) == (linkedin.PAGE_SIZE + 1, "last")
    path, headers = vendor.asked[0]
    assert "owner=(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A7)" in path
    assert headers["x-restli-protocol-version"] == "2.0.0"


def test_typeform_goes_backwards_by_the_last_token(vendor: Vendor) -> None:
    full = [{"token": f"{n}"} for n in range(typeform.PAGE_SIZE)]

    def says(_: str, query: dict[str, str]) -> Answer:
        return 200, {"items": [{"token": "first"}] if query.get("before") == "99" else full}

    vendor.says = says
    found = list(typeform.list_leads(vendor.asking("typeform", "F"), SINCE, UNTIL))
    assert (len(found), found[-1].id) == (typeform.PAGE_SIZE + 1, "first")
    (lead,) = read_post(found[-1].post, build_source("typeform"))
    assert lead.fields["vendor_lead_id"] == "first"


def test_the_key_is_in_a_header_and_in_no_address(vendor: Vendor) -> None:
    vendor.says = lambda path, _: (200, {"id": path})
    meta.fetch_lead(vendor.asking("meta"), "7/../8?x=")
    linkedin.fetch_lead(vendor.asking("linkedin"), "1a-4")
    for path, headers in vendor.asked:
        assert headers["authorization"] == f"Bearer {KEY}"
        assert "key" not in path
    assert vendor.asked[0][0].startswith("/graph.facebook.com/v24.0/7%2F..%2F8%3Fx%3D?")


@pytest.mark.parametrize(
    ("status", "passing"), [(400, False), (404, False), (429, True), (500, True)]
)
def test_a_refusal_says_whether_to_ask_again(vendor: Vendor, status: int, *, passing: bool) -> None:
    vendor.says = lambda *_: (status, {"error": {}})
    with pytest.raises(NoAnswer) as found:
        meta.fetch_lead(vendor.asking("meta"), "7")
    assert found.value.passing is passing


def test_many_questions_are_asked_side_by_side_and_each_has_its_own_answer(vendor: Vendor) -> None:
    vendor.says = lambda path, _: (404 if path.endswith("/3") else 200, {"id": path})
    row = build_source("meta", token="key")
    ticks = iter([0.0] * 20 + [100.0] * 100)
    checks = ProviderChecks(
        http=vendor.outside,
        source=lambda _: row,
        secret=lambda _: KEY,
        clock=lambda: UNTIL,
        ticks=lambda: next(ticks),
    )
    refs = [CheckRef("meta", "hook", str(n)) for n in range(30)]
    said = checks(refs)
    kinds = [said[ref].kind for ref in refs]
    assert kinds[3] == "unanswered"
    assert kinds.count("checked") == 18  # the others had no time left, and come again
    assert json.loads(said[refs[0]].body)["id"].endswith("/0")  # type: ignore[union-attr]


@pytest.mark.parametrize("row", [{}, {"token": "key"}])
def test_without_a_key_nobody_is_asked(vendor: Vendor, row: dict[str, str]) -> None:
    asking = VendorSession(vendor.outside, build_source("meta", **row), lambda _: None)
    with pytest.raises(NoAnswer) as found:
        meta.fetch_lead(asking, "7")
    assert (found.value.passing, vendor.asked) == (bool(row), [])
