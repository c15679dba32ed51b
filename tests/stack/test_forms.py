"""Forms as a browser meets them at the real door: page, post, thanks, and every byte kept."""

import time
from urllib.parse import urlencode, urlsplit

from lxml import html

from infra.local.client import ApiResponse, Client
from infra.local.samples import OUTCOME_LIMIT, POLL

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
BYTES = bytes(range(256)) * 40


def kept(client: Client, submission: str) -> bytes | None:
    deadline = time.monotonic() + OUTCOME_LIMIT
    while client.submission(submission) is None and time.monotonic() < deadline:
        time.sleep(POLL)
    return client.raw_body(submission)


def posted(client: Client, path: str, fields: dict[str, str], origin: str) -> ApiResponse:
    headers = {**BROWSER, "Origin": origin, "Content-Type": "application/x-www-form-urlencoded"}
    return client.call("POST", path, headers=headers, body=urlencode(fields).encode())


def test_the_page_posts_to_itself_and_thanks(client: Client) -> None:
    path = "/f/machines-quote"
    page = client.call("GET", path, headers=BROWSER)
    fields = {
        name: value or "" for name, value in html.fromstring(page.body).forms[0].form_values()
    }
    place = urlsplit(client.stack.api_url)
    own = f"{place.scheme}://{place.netloc}"
    fields |= {"email": "grace@hopper.example", "company": "Yale", "consent": "yes"}
    assert posted(client, path, fields, "https://evil.example").status == 403
    answer = posted(client, path, fields, own)
    assert (answer.status, answer.headers["location"]) == (303, "machines-quote?sent=1")
    thanks = client.call("GET", "/f/machines-quote?sent=1", headers=BROWSER)
    assert "Thank you" in thanks.text
    assert "script-src 'self'" in page.headers["content-security-policy"]


def test_a_file_comes_through_byte_for_byte(client: Client) -> None:
    edge = b"--edge\r\nContent-Disposition: form-data; name="
    body = b"\r\n".join(
        [
            edge + b'"email"\r\n\r\ngrace@hopper.example',
            edge + b'"consent"\r\n\r\nyes',
            edge + b'"drawing"; filename="a.png"\r\n\r\n' + BYTES,
            b"--edge--\r\n",
        ]
    )
    headers = {"Content-Type": "multipart/form-data; boundary=edge", "Accept": "application/json"}
    answer = client.call("POST", "/f/machines-drawing", headers=headers, body=body)
    assert answer.status == 202
    assert kept(client, answer.json()["submission_id"]) == body
