"""Cells that a spreadsheet would run are made text on the way out, and are themselves again inside.

Law: `unescaped(escaped(text)) == text`, for every text.
"""

import re

RUN = tuple("=+-@\t\r\n＝＋－＠")  # what a cell begins with that Excel and its kin compute
MARK = "'"
# A link, and the text that is seen of it.
SHOWN = re.compile(
    r'=hyperlink\(\s?"[^"]*+(?:""[^"]*+)*+"\s?[,;]\s?"([^"]*+(?:""[^"]*+)*+)"\s?\)', re.IGNORECASE
)
MARKED = (*RUN, MARK)


def escaped(text: str) -> str:
    """For a CSV that people open in a spreadsheet."""
    risky = text.startswith(RUN) or (text.startswith(MARK) and text[1:].startswith(MARKED))
    return MARK + text if risky else text


def unescaped(text: str) -> str:
    """What was meant; other programs mark so, too, or write a formula that is only a text."""
    if text.startswith(MARK) and text[1:].startswith(MARKED):
        return text[1:]
    if shown := SHOWN.fullmatch(text):
        return shown[1].replace('""', '"')
    is_text = len(text) >= 3 and text.startswith('="') and text.endswith('"')
    return (
        text[2:-1].replace('""', '"')
        if is_text and '"' not in text[2:-1].replace('""', "")
        else text
    )
