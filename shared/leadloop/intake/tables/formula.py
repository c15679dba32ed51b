"""Cells that a spreadsheet would run are made text on the way out, and are themselves again inside.

Law: `unescaped(escaped(text)) == text`, for every text.
"""

RUN = tuple("=+-@\t\r\n＝＋－＠")  # what a cell begins with that Excel and its kin compute
MARK = "'"
MARKED = (*RUN, MARK)


def escaped(text: str) -> str:
    """For a CSV that people open in a spreadsheet."""
    risky = text.startswith(RUN) or (text.startswith(MARK) and text[1:].startswith(MARKED))
    return MARK + text if risky else text


def unescaped(text: str) -> str:
    """What was meant; other programs mark so, too."""
    return text[1:] if text.startswith(MARK) and text[1:].startswith(MARKED) else text
