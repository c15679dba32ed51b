#!/bin/sh
# vobject 0.9.9 (PyPI): what is left of a contact card's text that has a comma in it.
#
# Guess written down first: a vCard of version 2.1 keeps its commas, since there a comma is no sign;
# a web address keeps them in 3.0 as well; and NICKNAME, a list by the standard, comes whole.
# Seen: in every version each plain property ends at its first bare comma. The rest is dropped
# without an error: notes, titles, addresses of pages, pauses in phone numbers, second nicknames.
# ORG and ADR turn into nested lists; CATEGORIES, a list as well, and GEO are whole.
# What it means: a card from a badge scanner or an old phone (2.1) loses half of its note, and
# "Head, Sales EU" becomes "Head". Read such lines oneself, or escape the commas before parsing.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install vobject==0.9.9 2>/dev/null
cat > "$folder/check.py" <<'PYTHON'
import vobject

LINES = {  # line → what is read
    "FN:Jane Doe, MBA": "Jane Doe",
    "TITLE:Head, Sales EU": "Head",
    "NOTE:Call after five, not before": "Call after five",
    "URL:https://maps.example/#map=12/52.5,13.4": "https://maps.example/#map=12/52.5",
    "TEL;WORK:+49 30 1234567,,12": "+49 30 1234567",
    "NICKNAME:Al,Bo": "Al",
    "X-FAIR:Berlin, hall 3": "Berlin",
    "CATEGORIES:buyer,seller": ["buyer", "seller"],
    "GEO:52.5,13.4": "52.5,13.4",
    "ORG:Acme, Inc.;Sales": [["Acme", " Inc."], "Sales"],
}
for version in ("2.1", "3.0"):
    for line, read in LINES.items():
        card = vobject.readOne(
            f"BEGIN:VCARD\r\nVERSION:{version}\r\nN:Doe;Jane;;;\r\n{line}\r\nEND:VCARD\r\n"
        )
        name = line.partition(":")[0].partition(";")[0].lower()
        value = card.contents[name][0].value
        print(f"{version}  {line:44} read as {value!r}")
        assert value == read, "vobject has changed: this finding is out of date"
PYTHON
"$folder/venv/bin/python" "$folder/check.py"
echo "seen: vobject 0.9.9 cuts a value at its first bare comma, also where a comma means nothing"
