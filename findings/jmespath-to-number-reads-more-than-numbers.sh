#!/bin/sh
# jmespath 1.1.0 (PyPI): to_number() takes texts that are no JSON numbers.
#
# Guess written down first: to_number('1_000'), of 'nan' or of full-width digits is null, as
# JMESPath's specification says of each text that is no JSON number.
# Seen: Python's int() and float() decide. Underscores, blanks, a plus sign and the digits of
# other scripts pass; 'nan' and 'Infinity' become numbers that JSON cannot hold.
# What it means: a budget of "nan" from a partner's post passes `to_number(x) != null`, and
# json.dumps then writes text that strict readers refuse.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install jmespath==1.1.0 2>/dev/null
cat > "$folder/check.py" <<'PYTHON'
import json
import math

import jmespath

SEEN = {"1_000": 1000, " 12 ": 12, "+5": 5, "１２": 12, "١٢": 12, "1.": 1.0, "Infinity": math.inf}
for text, number in SEEN.items():
    read = jmespath.search("to_number(@)", text)
    print(f"to_number({text!r}) = {read!r}")
    assert read == number, "jmespath has changed: this finding is out of date"
budget = jmespath.search("to_number(budget)", {"budget": "nan"})
print("to_number('nan') =", budget, "and as JSON:", json.dumps({"budget": budget}))
assert math.isnan(budget)
assert jmespath.search("to_number(@)", "0x10") is None
PYTHON
"$folder/venv/bin/python" "$folder/check.py"
echo "seen: jmespath 1.1.0 reads numbers as Python does, not as JSON does"
