#!/bin/sh
# jsonata-python 0.7.1 (PyPI), with the copy module of Python: what one import does to other code.
#
# Guess written down first: importing an expression language changes nothing outside of it.
# Seen: the import sets the recursion limit of the whole process to 10,000, ten times the default,
# before any expression is evaluated. copy.deepcopy() then copies 1,500 nested lists that it refused
# with RecursionError a line before. It never goes back.
# What it means: a guard that leans on RecursionError ("nested too deeply") holds in production and
# not in a test that imports an emulator with jsonata in it, or the other way round. Count the depth
# oneself.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install jsonata-python==0.7.1 2>/dev/null
cat > "$folder/check.py" <<'PYTHON'
import copy
import sys

nested: list[object] = []
for _ in range(1_500):
    nested = [nested]


def copy_nested() -> str:
    try:
        copy.deepcopy(nested)
    except RecursionError:
        return "RecursionError"
    return "copied"


before = (sys.getrecursionlimit(), copy_nested())
import jsonata  # noqa: E402

after = (sys.getrecursionlimit(), copy_nested())
print("before the import:", *before)
print("after the import: ", *after)
assert before == (1_000, "RecursionError"), before
assert after == (10_000, "copied"), "jsonata-python has changed: this finding is out of date"
assert jsonata.Jsonata("1 + 1").evaluate({}) == 2
PYTHON
"$folder/venv/bin/python" "$folder/check.py"
echo "seen: an import of jsonata-python 0.7.1 lifts the recursion limit of the process to 10,000"
