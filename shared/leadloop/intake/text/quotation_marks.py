"""Quotation marks of many languages."""

QUOTES = {  # the sign that begins a quotation → the one that ends it
    '"': '"',
    "“": "”",
    "„": "“",
    "«": "»",
    "»": "«",
    "「": "」",
    "‘": "’",
    "'": "'",
}


def strip_quotes(text: str) -> str:
    """The text without quotation marks round the whole of it."""
    is_quoted = len(text) > 1 and QUOTES.get(text[0]) == text[-1]
    return text[1:-1].strip() if is_quoted else text
