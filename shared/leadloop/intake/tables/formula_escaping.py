"""Cells that a spreadsheet would run are made text on the way out, and are themselves again inside.

Law: `unescaped(escaped(text)) == text`, for every text.
"""

import re

FORMULA_STARTS = tuple(
    "=+-@\t\r\n＝＋－＠"
)  # what a cell begins with that Excel and its kin compute
TEXT_MARK = "'"
# A link, and the text that is seen of it.
HYPERLINK = re.compile(
    r'=hyperlink\(\s?"[^"]*+(?:""[^"]*+)*+"\s?[,;]\s?"([^"]*+(?:""[^"]*+)*+)"\s?\)', re.IGNORECASE
)
MARKED_STARTS = (*FORMULA_STARTS, TEXT_MARK)


def escape_cell(text: str) -> str:
    """For a CSV that people open in a spreadsheet."""
    risky = text.startswith(FORMULA_STARTS) or (
        text.startswith(TEXT_MARK) and text[1:].startswith(MARKED_STARTS)
    )
    return TEXT_MARK + text if risky else text


def unescape_cell(text: str) -> str:
    """What was meant; other programs mark so, too, or write a formula that is only a text."""
    if text.startswith(TEXT_MARK) and text[1:].startswith(MARKED_STARTS):
        return text[1:]
    if shown := HYPERLINK.fullmatch(text):
        return shown[1].replace('""', '"')
    is_text = len(text) >= 3 and text.startswith('="') and text.endswith('"')
    return (
        text[2:-1].replace('""', '"')
        if is_text and '"' not in text[2:-1].replace('""', "")
        else text
    )
