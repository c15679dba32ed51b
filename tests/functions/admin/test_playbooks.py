"""Publishing a playbook, and refusing a broken one with the place of each fault."""

from pathlib import Path

import pytest

from leadloop.edge.live_playbook import PlaybookStore
from tests.functions.admin.desk import Desk, json_body, response_header

PLAYBOOK = "/admin/v1/playbook"
SAMPLE = Path(__file__).parents[3] / "shared" / "playbooks" / "acme"


@pytest.fixture
def files() -> dict[str, str]:
    return {
        path.relative_to(SAMPLE).as_posix(): path.read_text()
        for path in SAMPLE.rglob("*.yaml")
        if "examples" not in path.parts
    }


def live(desk: Desk) -> str:
    return PlaybookStore(desk.home.aws.s3, "playbooks").live().version


def test_the_live_one_is_shown_with_its_version_as_etag(desk: Desk) -> None:
    answer = desk.get(PLAYBOOK, who="marketing")
    assert response_header(answer, "ETag") == f'"{live(desk)}"'
    assert json_body(answer)["company"]["name"] == "Aqua Pumps"


def test_a_good_one_is_live_and_its_changes_are_told(desk: Desk, files: dict[str, str]) -> None:
    before = live(desk)
    answer = desk.post(PLAYBOOK, {"files": files}, who="marketing", If_Match=f'"{before}"')
    assert answer["statusCode"] == 200
    told = json_body(answer)
    assert (told["replaced"], told["version"]) == (before, live(desk))
    assert any(change["path"] == "company.name" for change in told["changes"])


def test_a_broken_one_is_refused_with_file_line_and_field_and_the_last_good_stays(
    desk: Desk, files: dict[str, str]
) -> None:
    before = live(desk)
    files["lifecycle.yaml"] = files["lifecycle.yaml"].replace("max_cycles: 3", "max_cycles: many")
    answer = desk.post(PLAYBOOK, {"files": files})
    assert answer["statusCode"] == 422
    line = files["lifecycle.yaml"].splitlines().index("max_cycles: many") + 1
    (fault,) = json_body(answer)["errors"]
    assert fault["text"].startswith(f"lifecycle.yaml:{line}: max_cycles: ")
    assert live(desk) == before


def test_who_looked_at_an_older_one_is_refused(desk: Desk, files: dict[str, str]) -> None:
    before = live(desk)
    answer = desk.post(PLAYBOOK, {"files": files}, If_Match='"000000000000"')
    assert answer["statusCode"] == 412
    assert live(desk) == before


@pytest.mark.parametrize(
    "name",
    ["../company.yaml", "/etc/passwd", "a/b/c.yaml", ".hidden.yaml", "company.yml", "", "\ud800"],
)
def test_a_path_that_is_none_of_ours_is_never_written(
    desk: Desk, files: dict[str, str], name: str
) -> None:
    before = live(desk)
    answer = desk.post(PLAYBOOK, {"files": {**files, name: "x: 1"}})
    assert answer["statusCode"] == 422
    assert live(desk) == before


@pytest.mark.parametrize("text", ["\x00", "\ud800", "a: &x 1\nb: *x", "[" * 5000])
def test_a_text_that_is_no_yaml_of_ours_is_refused(
    desk: Desk, files: dict[str, str], text: str
) -> None:
    answer = desk.post(PLAYBOOK, {"files": {**files, "lifecycle.yaml": text}})
    assert answer["statusCode"] == 422
    assert "lifecycle.yaml:" in answer["body"]


@pytest.mark.parametrize("who", ["manager", "ida", "nobody"])
def test_only_marketing_and_admins_publish(desk: Desk, files: dict[str, str], who: str) -> None:
    before = live(desk)
    assert desk.post(PLAYBOOK, {"files": files}, who=who)["statusCode"] == 403
    assert live(desk) == before
