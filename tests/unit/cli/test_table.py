from leadloop.cli.table import display_width, format_table, printable


def test_columns_are_aligned_by_what_a_terminal_draws() -> None:
    lines = format_table(
        [("a", "name", "b"), ("1", "สมชาย ใจดี", "x"), ("2", "山田", "y")]
    ).splitlines()
    ends = {
        display_width(line[: line.index(cell)]) for line, cell in zip(lines, "bxy", strict=True)
    }
    assert len(ends) == 1


def test_a_row_may_end_early() -> None:
    assert format_table([("title",), ("a", "b")]) == "title\na      b"


def test_letters_that_would_steer_a_terminal_are_replaced() -> None:
    assert printable("Ada\x1b[2J\n  Lovelace") == "Ada\ufffd[2J Lovelace"
