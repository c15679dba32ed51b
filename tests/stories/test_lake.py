"""The lake answers what the table knows: leads by product line, campaign, rep and stage."""

from pathlib import Path
from typing import Any

import pytest

from leadloop.model.command import Accept, Action, Convert, Disqualify, Lose, Reject, Win
from leadloop.model.decision import Applied
from leadloop.model.lead import Lead
from leadloop.model.submission import Touch
from tests.stories.lake import ROOT, ask_lake, lake_lines, write_lake
from tests.stories.people import INES, KUBA, Person
from tests.stories.world import World

QUERIES = sorted((ROOT / "docs" / "queries").glob("*.sql"))
LEADS = (ROOT / "docs" / "queries" / "leads.sql").read_text()
MOVES = (ROOT / "docs" / "queries" / "stage-moves.sql").read_text()
OLD = """{"id":"%s","name":"%s","version":1,"occurred_at":"2026-01-05T09:00:00Z","cause":"OLD",\
"lead_id":"OLD","data":%s}"""


def submit(world: World, person: Person, n: int, campaign: str | None = None) -> str:
    own = {"email": f"p{n}@mill{n}.example", "company": f"Mill {n}", "phone": f"+49 30 90182{n}"}
    post = world.post_form("machines-quote", {**person, **own})
    touch = Touch(at=world.now, source="machines-quote", utm_campaign=campaign)
    return world.submit(post.but(touch=touch)).submission_id


def owner(world: World, lead_id: str) -> str:
    assignment = world.lead(lead_id).assignment
    assert assignment is not None
    assert assignment.rep is not None
    return assignment.rep


@pytest.fixture(scope="module")
def story() -> tuple[World, tuple[str, ...]]:
    """Leads that went different ways, each a different person of a company of its own."""
    world = World()
    ids = tuple(
        submit(world, person, n, campaign)
        for n, (person, campaign) in enumerate(
            [
                (INES, "spring"),
                (INES, "spring"),
                (INES, None),
                (INES, "fair"),
                (INES, "eve@mill.example"),
                (KUBA, "spring"),
            ]
        )
    )
    accepted, won, lost, rejected, disqualified, _ = ids
    reps = {id_: owner(world, id_) for id_ in ids[:5]}
    world.advance(minutes=10)
    commands: list[tuple[str, Action]] = [
        *((id_, Accept()) for id_ in (accepted, won, lost)),
        *((id_, Convert(value=480_000_00, currency="EUR")) for id_ in (won, lost)),
        (won, Win(value=450_000_00, currency="EUR")),
        (lost, Lose(reason="budget")),
        (rejected, Reject(reason="not_ready")),
        (disqualified, Disqualify(reason="competitor")),
    ]
    for id_, action in commands:
        assert isinstance(world.run_command(id_, action, by=reps[id_]), Applied)
    world.advance(hours=3)
    return world, ids


@pytest.fixture
def lake(tmp_path: Path, story: tuple[World, tuple[str, ...]]) -> Path:
    """The story's lines, some twice, beside those of other code."""
    lines = lake_lines(story[0])
    others = [
        OLD % ("OLD#0", "LeadCreated", '{"source":"web","channel":"form"}'),
        OLD % ("OLD#1", "LeadScored", '{"total":55,"fit":55,"rating":"warm","colour":"blue"}'),
        OLD % ("OLD#2", "OwnerChanged", '{"before":null,"owner":"jonas","pool":"dach","why":"x"}'),
        OLD % ("OLD#3", "LeadTeleported", '{"where":"mars","how":{"by":"beam"}}'),
    ]
    write_lake(tmp_path, {"2026-03-02": lines, "2026-03-03": [*lines[::3], *others]})
    return tmp_path


def as_row(lead_id: str, lead: Lead) -> dict[str, Any]:
    campaign = lead.first_touch.utm_campaign if lead.first_touch else None
    return {
        "lead_id": lead_id,
        "product_line": lead.product_line,
        "campaign": None if campaign and "@" in campaign else campaign,
        "source": lead.source,
        "owner": lead.assignment.rep if lead.assignment else None,
        "stage": lead.stage,
        "score": lead.score.total,
        "rating": lead.rating,
    }


def test_the_lake_has_each_lead_as_the_table_has_it(
    lake: Path, story: tuple[World, tuple[str, ...]]
) -> None:
    world, ids = story
    rows = {row["lead_id"]: row for row in ask_lake(lake, LEADS)}
    assert rows.keys() == {*ids, "OLD"}
    for id_ in ids:
        assert rows[id_].items() >= as_row(id_, world.lead(id_)).items()
    assert len({row["stage"] for row in rows.values()}) > 5


def test_what_earlier_code_wrote_is_answered_by_the_same_text(lake: Path) -> None:
    (row,) = (row for row in ask_lake(lake, LEADS) if row["lead_id"] == "OLD")
    assert (row["source"], row["owner"], row["score"]) == ("web", "jonas", 55)
    assert (row["product_line"], row["campaign"], row["stage"]) == (None, None, None)


def test_stages_are_counted_once_a_lead(lake: Path) -> None:
    counts = {
        (row["campaign"], row["stage"]): row["leads"]
        for row in ask_lake(lake, MOVES)
        if row["product_line"] == "machines"
    }
    assert counts["spring", "new"] == 3
    assert counts["spring", "qualified"] == counts["spring", "accepted"] == 2
    assert (counts["spring", "customer"], counts["spring", "nurturing"]) == (1, 1)
    assert counts["fair", "nurturing"] == 1
    assert counts[None, "recycled"] == 1


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_each_query_runs_on_an_empty_day(path: Path, tmp_path: Path) -> None:
    write_lake(tmp_path, {"2026-03-02": []})
    assert ask_lake(tmp_path, path.read_text()) == []


def test_no_line_names_a_person(story: tuple[World, tuple[str, ...]]) -> None:
    text = "\n".join(lake_lines(story[0]))
    assert [word for word in ("@mill", "Mill", "Ines", "Vogel", "90182") if word in text] == []
