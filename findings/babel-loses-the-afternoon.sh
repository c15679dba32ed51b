#!/bin/sh
# Babel 2.19.0 (PyPI): a time of day written and read back in one language.
#
# Guess written down first: parse_time() reads what format_time() wrote, in each language of the
# twelve-hour clock.
# Seen: only the letters "am" and "pm" count. "3:30 p.m." of Canada and Mexico, Korean, Chinese of
# Taiwan, Greek and Arabic afternoons are read as half past three in the night, without an error: 168
# of the locales. The words are in the same package, in get_period_names().
# What it means: "call me at" from a form in the lead's language is twelve hours off, in the hours
# where nobody may be called. Look for the period's name oneself, or let forms send 15:30.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install Babel==2.19.0 2>/dev/null
cat > "$folder/check.py" <<'PYTHON'
import datetime

from babel.dates import format_time, parse_time
from babel.localedata import locale_identifiers

AFTERNOON = datetime.time(15, 30)
wrong = []
for locale in locale_identifiers():
    written = format_time(AFTERNOON, "short", locale=locale)
    read = parse_time(written, locale=locale, format="short")
    if read != AFTERNOON:
        assert read == datetime.time(3, 30), (locale, written, read)
        wrong.append(locale)
for locale in ("en_US", "de", "en_CA", "es_MX", "ko", "zh_Hant_TW", "el", "ar"):
    written = format_time(AFTERNOON, "short", locale=locale)
    print(f"{locale:11} {written!r:24} read as {parse_time(written, locale=locale, format='short')}")
print(len(wrong), "locales read their own 15:30 as 03:30")
assert {"en_CA", "es_MX", "ko", "zh_Hant_TW", "el", "ar"} <= set(wrong)
assert not {"en_US", "en_AU", "de", "fr"} & set(wrong)
assert len(wrong) == 168, "Babel has changed: this finding is out of date"
PYTHON
"$folder/venv/bin/python" "$folder/check.py"
echo "seen: Babel 2.19.0 reads the afternoon of 168 of its own locales as night"
