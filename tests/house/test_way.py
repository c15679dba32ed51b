"""The way of a submission stays short, and the tool counts what it says it counts."""

from pathlib import Path

import pytest

from tests.house.way import Figures, follow, main

MOST_RETURNS = 27  # 43 before a submission had its case and its table of stages

EXAMPLE = {
    "decide/submission.py": """
        from leadloop.decide.case import Case
        from leadloop.decide.other import second
        from leadloop.model.fact import Fact

        def decide(value: Fact) -> str:
            case = Case(value)
            for stage in STAGES:
                stage(case)
            return value.name()

        def first(case: Case) -> None:
            case.write()

        STAGES = (first, second, Case.close)
    """,
    "decide/case.py": """
        from leadloop.quality.clean import clean
        from leadloop.model.fact import Fact

        class Case:
            def __init__(self, value: Fact) -> None:
                self.value = value

            @property
            def cleaned(self) -> str:
                return clean(self.value.name())

            def write(self) -> None:
                self.cleaned

            def close(self) -> None:
                finish()

        def finish() -> None: ...
    """,
    "decide/other.py": """
        from leadloop.decide.case import Case, finish

        def second(case: Case) -> None:
            case.write()
            from leadloop.decide.rare import rare
            rare()
            both = [part(each) for each in (finish(), third())]

        def third() -> None:
            second(Case())

        def part(each: None) -> None: ...
    """,
    "decide/rare.py": "def rare() -> None: ...",
    "quality/clean.py": """
        def clean(text: str) -> str:
            return deeper(text)

        def deeper(text: str) -> str: ...
    """,
    "model/fact.py": """
        class Fact:
            def name(self) -> str: ...
    """,
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    root = tmp_path / "leadloop"
    for name, text in EXAMPLE.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text.splitlines()
        path.write_text("\n".join(line.removeprefix("        ") for line in lines))
    return root


def test_a_submission_seldom_comes_back_to_a_file_it_has_left() -> None:
    assert follow().figures.returns <= MOST_RETURNS


def test_the_way_goes_through_every_stage() -> None:
    files = {file for file, _ in follow().stays}
    rooms = {"vendor_fetch", "captcha", "repeat", "replay", "reply", "merge", "new_lead"}
    assert {f"decide/submissions/{room}.py" for room in rooms} <= files


def test_a_class_is_read_as_a_whole_and_a_function_once(package: Path) -> None:
    way = follow(package)
    assert way.stays == [
        ("decide/submission.py", ["decide"]),
        ("decide/case.py", ["Case"]),
        ("decide/submission.py", ["first"]),
        ("quality/clean.py", ["clean"]),
        ("decide/other.py", ["second"]),
        ("decide/case.py", ["finish"]),
        ("decide/other.py", ["third", "part"]),
    ]
    assert way.figures == Figures(stays=7, files=4, returns=3)


def test_method_by_method_each_is_a_reading_of_its_own(package: Path) -> None:
    way = follow(package, by_method=True)
    assert way.stays[1:5] == [
        ("decide/case.py", ["Case"]),
        ("decide/submission.py", ["first"]),
        ("decide/case.py", ["write", "cleaned"]),
        ("quality/clean.py", ["clean"]),
    ]
    assert way.figures == Figures(stays=9, files=4, returns=5)


def test_the_way_may_be_cut(package: Path) -> None:
    assert follow(package, most_calls=3).stays == [
        ("decide/submission.py", ["decide"]),
        ("decide/case.py", ["Case"]),
        ("decide/submission.py", ["first"]),
    ]


def test_returns_are_marked(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(package), "--calls"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:3] == ["  decide/case.py: Case", "< decide/submission.py: first"]
    assert lines[-1].startswith("7 stays, 4 files, 3 returns")
