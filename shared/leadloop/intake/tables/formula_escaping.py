"""Escapes cells that a spreadsheet would run as a formula, and removes the escape again.

For every text, `unescape_cell(escape_cell(text)) == text`.

Source: OWASP, CSV injection.
"""

import re

# With these a cell begins that a spreadsheet program computes.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
TEXT_MARK = "'"
# A link; group 1 is its visible text.
HYPERLINK = re.compile(
    r'=hyperlink\(\s?"[^"]*+(?:""[^"]*+)*+"\s?[,;]\s?"([^"]*+(?:""[^"]*+)*+)"\s?\)', re.IGNORECASE
)
MARKED_STARTS = (*FORMULA_STARTS, TEXT_MARK)


def escape_cell(text: str) -> str:
    """The cell for a CSV file, with an apostrophe before anything that would be a formula."""
    risky = text.startswith(FORMULA_STARTS) or (
        text.startswith(TEXT_MARK) and text[1:].startswith(MARKED_STARTS)
    )
    return TEXT_MARK + text if risky else text


def unescape_cell(text: str) -> str:
    """The text of a cell, without the apostrophe, or of a formula that is only a text or link."""
    if text.startswith(TEXT_MARK) and text[1:].startswith(MARKED_STARTS):
        return text[1:]
    if link := HYPERLINK.fullmatch(text):
        return link[1].replace('""', '"')
    is_text = len(text) >= 3 and text.startswith('="') and text.endswith('"')
    return (
        text[2:-1].replace('""', '"')
        if is_text and '"' not in text[2:-1].replace('""', "")
        else text
    )
