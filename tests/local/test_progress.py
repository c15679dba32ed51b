import queue

from infra.local.progress import LONGEST_SILENCE, Progress

WAIT = 10.0  # seconds; a line comes at once, or the test is wrong


def test_a_line_has_its_time() -> None:
    lines: list[str] = []
    Progress(lines.append)("templates: synthesised")
    assert lines[0].endswith(" s  templates: synthesised")


def test_a_silence_is_broken_again_and_again_by_where_it_is() -> None:
    lines: queue.Queue[str] = queue.Queue()
    progress = Progress(lines.put, longest_silence=0.01)
    with progress.watch():
        progress("samples: sending 156")
        texts = [lines.get(timeout=WAIT) for _ in range(3)]
    assert [text.partition(" s  ")[2] for text in texts] == [
        "samples: sending 156",
        "  … still at: samples: sending 156",
        "  … still at: samples: sending 156",
    ]


def test_nobody_is_told_anything_after_the_watch() -> None:
    lines: list[str] = []
    progress = Progress(lines.append, longest_silence=0.01)
    with progress.watch():
        progress("up")
    count = len(lines)
    progress("down")
    assert len(lines) == count + 1


def test_the_limit_is_below_the_ten_seconds_that_are_promised() -> None:
    assert LONGEST_SILENCE < 10
