"""S25 on the stack: through the gateway, too, what an API does not know is refused and named."""

import json

import pytest

from infra.local.client import ApiResponse, Client
from tests.stack.people import callback_person


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/leads?lmit=3", "limit"),
        ("/leads?owner=nobody-here", "moira"),
    ],
)
def test_s25_the_admin_api_refuses_unknown_names_and_values(
    client: Client, path: str, known: str
) -> None:
    refused = client.admin("GET", path)
    assert refused.status == 422
    assert known in refused.text


def test_s25_a_misspelt_header_of_ours_is_refused_and_all_others_pass(client: Client) -> None:
    def post(**headers: str) -> ApiResponse:
        return client.call(
            "POST",
            "/v1/leads",
            headers={
                "X-Api-Key": client.stack.partners["autopoint"],
                "Content-Type": "application/json",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
            body=b'{"email": "misspelt@header.example", "last_name": "Costa"}',
        )

    refused = post(Idempotancy_Key="a-1")
    assert refused.status == 422
    assert "Idempotency-Key" in refused.text
    assert post(Idempotency_Key="s25-a-1", Sec_Fetch_Site="none").status in (200, 201)


def test_s25_a_public_door_refuses_no_query_name(client: Client) -> None:
    person = callback_person(9_250)
    path = "/f/homecare-callback?whatever=1"
    assert client.call("GET", path).status == 200
    headers = {"Content-Type": "application/json"}
    body = json.dumps(person).encode()
    assert client.call("POST", path, headers=headers, body=body).status == 202


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/f/homecare-callback", {"GET", "HEAD", "POST"}),
        ("GET", "/v1/leads", {"POST"}),
    ],
)
def test_s25_a_known_path_with_a_wrong_method_is_405_and_says_what_it_takes(
    client: Client, method: str, path: str, allowed: set[str]
) -> None:
    headers = {"X-Api-Key": client.stack.partners["autopoint"]}
    answer = client.call(method, path, headers=headers)
    assert answer.status == 405, answer.text
    assert {each.strip() for each in answer.headers["allow"].split(",")} >= allowed
    assert client.call(method, f"{path}/no/such/path", headers=headers).status == 404


def test_s25_head_answers_as_get_without_a_body(client: Client) -> None:
    get = client.call("GET", "/f/homecare-callback")
    head = client.call("HEAD", "/f/homecare-callback")
    assert (head.status, head.body) == (get.status, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
