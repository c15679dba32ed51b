#!/bin/sh
# frictionless 5.21.0 (PyPI): the type guessed for a column of amounts with commas.
#
# Guess written down first: budgets like "10,50" stay text, or become numbers.
# Seen: a column whose values have one comma is a geopoint as long as nearly all fit the globe:
# 100,000 is longitude 100 and latitude 0, 2,5 rooms are a place off Africa. A value over 180 is then
# an error of the data and is read as None, while 1,500 is text since latitude ends at 90.
# What it means: a list of budgets below 180,000 passes validation as places; the one rich lead is
# marked invalid and loses its budget. Give the schema, or remove geopoint from the candidates.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install frictionless==5.21.0 2>/dev/null
cat > "$folder/check.py" <<'PYTHON'
import csv

from frictionless import Resource, validate

SEEN = [  # values, type guessed, first and last value read, valid
    (["10,50", "12,75", "89,90"], "geopoint", [10, 50], [89, 90], True),
    (["100,000", "150,000", "90,000"], "geopoint", [100, 0], [90, 0], True),
    (["2,5", "3,0", "3,5"], "geopoint", [2, 5], [3, 5], True),
    (["90,000"] * 19 + ["250,000"], "geopoint", [90, 0], None, False),
    (["1,500", "2,000", "3,250"], "string", "1,500", "3,250", True),
]
for values, kind, first, last, valid in SEEN:
    with open("leads.csv", "w", newline="") as file:
        csv.writer(file).writerows([("lead", "budget"), *enumerate(values)])
    with Resource("leads.csv") as resource:
        rows = [row["budget"] for row in resource.row_stream]
        guessed = resource.schema.get_field("budget").type
    read = [rows[0], rows[-1]]
    read = [list(map(float, one)) if isinstance(one, tuple) else one for one in read]
    passes = validate("leads.csv").valid
    print(f"{values[0]} … {values[-1]}: {guessed}, read as {read[0]} … {read[1]}, valid {passes}")
    assert (guessed, read, passes) == (kind, [first, last], valid), "frictionless has changed"
PYTHON
cd "$folder"
venv/bin/python check.py
echo "seen: frictionless 5.21.0 reads amounts with a comma as longitude and latitude"
