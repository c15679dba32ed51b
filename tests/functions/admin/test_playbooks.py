"""Publishing a playbook, and refusing a broken one with the place of each fault."""

import re
from pathlib import Path
from typing import Any

import pytest

from leadloop.edge.live_playbook import PlaybookStore
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from tests.functions.admin.desk import Desk, build_sections, json_body, response_header

PLAYBOOK = "/admin/v1/playbook"
SAMPLE = Path(__file__).parents[3] / "shared" / "playbooks" / "acme"
ASSETS = tuple(path.name for path in (SAMPLE / "assets").iterdir())


@pytest.fixture
def files() -> dict[str, str]:
    return {
        path.relative_to(SAMPLE).as_posix(): path.read_text() for path in SAMPLE.rglob("*.yaml")
    }


def live(desk: Desk) -> str:
    return PlaybookStore(desk.home.aws.s3, "playbooks").live().version


def publish(desk: Desk, files: dict[str, str], who: str = "admin") -> dict[str, Any]:
    store = PlaybookStore(desk.home.aws.s3, "playbooks")
    for name in ASSETS:
        store.put_asset(name, b"%PDF")
    return desk.post(PLAYBOOK, {"files": files}, who=who, If_Match=f'"{live(desk)}"')


def test_the_live_one_is_shown_with_its_version_as_etag(desk: Desk) -> None:
    answer = desk.get(PLAYBOOK, who="marketing")
    assert response_header(answer, "ETag") == f'"{live(desk)}"'
    assert json_body(answer)["company"]["name"] == "Aqua Pumps"


def test_the_live_one_is_shown_though_another_process_has_just_published_it(
    desk: Desk, files: dict[str, str]
) -> None:
    desk.get(PLAYBOOK, who="marketing")
    assert publish(desk, files)["statusCode"] == 200
    other = PlaybookStore(desk.home.aws.s3, "playbooks")
    company = other.live().playbook.company.but(name="Acme Flow East")
    draft = stamp_version(other.live().playbook.but(version="", company=company))
    other.publish(draft)
    answer = desk.get(PLAYBOOK, who="marketing")
    assert response_header(answer, "ETag") == f'"{draft.version}"'


def test_a_good_one_is_live_and_its_changes_are_told(desk: Desk, files: dict[str, str]) -> None:
    before = live(desk)
    answer = publish(desk, files, who="marketing")
    assert answer["statusCode"] == 200
    told = json_body(answer)
    assert (told["replaced"], told["version"]) == (before, live(desk))
    assert any(change["path"] == "company.name" for change in told["changes"])


def test_a_broken_one_is_refused_with_file_line_and_field_and_the_last_good_stays(
    desk: Desk, files: dict[str, str]
) -> None:
    before = live(desk)
    files["lifecycle.yaml"] = files["lifecycle.yaml"].replace("max_cycles: 3", "max_cycles: many")
    answer = publish(desk, files)
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
    answer = publish(desk, {**files, name: "x: 1"})
    assert answer["statusCode"] == 422
    assert live(desk) == before


@pytest.mark.parametrize("text", ["\x00", "\ud800", "a: &x 1\nb: *x", "[" * 5000])
def test_a_text_that_is_no_yaml_of_ours_is_refused(
    desk: Desk, files: dict[str, str], text: str
) -> None:
    answer = publish(desk, {**files, "lifecycle.yaml": text})
    assert answer["statusCode"] == 422
    assert "lifecycle.yaml:" in answer["body"]


@pytest.mark.parametrize("who", ["manager", "ida", "nobody"])
def test_only_marketing_and_admins_publish(desk: Desk, files: dict[str, str], who: str) -> None:
    before = live(desk)
    assert publish(desk, files, who=who)["statusCode"] == 403
    assert live(desk) == before


def refused(desk: Desk, files: dict[str, str]) -> str:
    """The texts of the faults; what was live stays so."""
    before = live(desk)
    answer = publish(desk, files)
    assert answer["statusCode"] == 422
    assert live(desk) == before
    return "\n".join(each["text"] for each in json_body(answer)["errors"])


def test_s24_an_example_that_becomes_something_else_keeps_a_playbook_from_being_live(
    desk: Desk, files: dict[str, str]
) -> None:
    name = "scores/machines.yaml"
    files[name] = files[name].replace("qualify: 50", "qualify: 90")
    text = refused(desk, files)
    assert "examples/warm-poland.yaml:1: stage: expected qualified, became nurturing" in text


def test_s24_an_example_that_cannot_be_read_is_refused(desk: Desk, files: dict[str, str]) -> None:
    files["examples/odd.yaml"] = "about: Nothing\n"
    assert "examples/odd.yaml:" in refused(desk, files)


def test_s24_a_file_that_an_offer_gives_away_must_be_there(
    desk: Desk, files: dict[str, str]
) -> None:
    before = live(desk)
    answer = desk.post(PLAYBOOK, {"files": files}, If_Match=f'"{before}"')
    assert answer["statusCode"] == 422
    assert f"assets/{ASSETS[0]}:1: an offer gives it away" in answer["body"]
    assert live(desk) == before


@pytest.mark.parametrize("email", ["anna", "anna@", "anna@aqua", "anna@aqua..example", "a b@c.de"])
def test_s24_a_rep_without_a_real_address_is_refused(
    desk: Desk, files: dict[str, str], email: str
) -> None:
    name, line = next(
        (name, n)
        for name, text in files.items()
        if name.startswith("pools/")
        for n, each in enumerate(text.splitlines(), 1)
        if "email: " in each
    )
    lines = files[name].splitlines()
    lines[line - 1] = re.sub(r"email: [^,}\s]+", f"email: '{email}'", lines[line - 1])
    files[name] = "\n".join(lines)
    assert f"{name}:{line}: " in (text := refused(desk, files))
    assert "is no e-mail address" in text


@pytest.mark.parametrize(
    "address",
    [
        "https://10.1.2.3/feed.xml",
        "https://[::127.0.0.1]/feed.xml",
        "sftp://localhost/",
        "ftps://2130706433/",
        "https://feeds.internal/a",
        "https://[/a",
    ],
)
def test_s24_a_feed_at_an_inner_address_is_refused(
    desk: Desk, files: dict[str, str], address: str
) -> None:
    name = "sources/pumpenboerse.yaml"
    files[name] = re.sub(r"(?m)^address: .*$", f"address: '{address}'", files[name])
    assert "pumpenboerse.yaml:7: address: " in refused(desk, files)


@pytest.mark.parametrize(
    "name", ["a" * 300 + ".yaml", "sources/" + "a" * 300 + ".yaml", "a" * 300 + "/x.yaml"]
)
def test_s24_a_file_name_of_300_characters_is_a_fault_of_the_caller(
    desk: Desk, files: dict[str, str], name: str
) -> None:
    assert "nothing reads this" in refused(desk, {**files, name: "x: 1"})


def test_s24_who_names_no_version_is_told_to(desk: Desk, files: dict[str, str]) -> None:
    before = live(desk)
    answer = desk.post(PLAYBOOK, {"files": files})
    assert answer["statusCode"] == 428
    assert json_body(answer)["type"] == "urn:leadloop:problem:version-unnamed"
    assert live(desk) == before


@pytest.mark.parametrize("mark", ['"{}"', 'W/"{}"', "*", "{}"])
def test_s24_replaced_is_the_version_that_was_live_and_not_the_one_this_process_knew(
    desk: Desk, files: dict[str, str], mark: str
) -> None:
    desk.get(PLAYBOOK)  # so that the process knows a version
    sections = build_sections()
    sections["company"] = {**sections["company"], "name": "Between GmbH"}
    between = stamp_version(Playbook.model_validate(sections))
    store = PlaybookStore(desk.home.aws.s3, "playbooks")
    store.publish(between)
    for name in ASSETS:
        store.put_asset(name, b"%PDF")
    if_match = mark.format(between.version)
    answer = desk.post(PLAYBOOK, {"files": files}, If_Match=if_match)
    assert answer["statusCode"] == 200, answer["body"]
    told = json_body(answer)
    assert told["replaced"] == between.version
    (name,) = [each for each in told["changes"] if each["path"] == "company.name"]
    assert name["before"] == "Between GmbH"
