#!/bin/sh
# feedparser 6.0.14 (PyPI): the hour of an entry whose zone has a European name.
#
# Guess written down first: "Wed, 01 Jul 2026 10:00:00 CEST" is 08:00 UTC, or no date at all,
# since RFC 822 knows only UT, GMT and North American zones by name.
# Seen: an unknown name counts as UTC, without a mark; `bozo` stays false. EST and PDT are right.
# "10:00 PM EST" is read as 10:00 UTC, and "2026-07-01 10:00:00+02" as midnight.
# What it means: "newer than the last poll" goes wrong by one to ten hours; an entry can lie
# ahead of now, and an evening's entry comes before the morning's.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install feedparser==6.0.14 2>/dev/null
cat > "$folder/check.py" <<'PYTHON'
import feedparser

SEEN = {  # date as written → (hour UTC that is read, hour UTC that is meant)
    "Wed, 01 Jul 2026 10:00:00 EST": (15, 15),
    "Wed, 01 Jul 2026 10:00:00 CEST": (10, 8),
    "Tue, 01 Dec 2026 10:00:00 CET": (10, 9),
    "Wed, 01 Jul 2026 10:00:00 BST": (10, 9),
    "Wed, 01 Jul 2026 10:00:00 AEST": (10, 0),
    "Wed, 01 Jul 2026 10:00 PM EST": (10, 3),
    "2026-07-01 10:00:00+02": (0, 8),
}
for date, (read, meant) in SEEN.items():
    item = f"<item><title>a</title><pubDate>{date}</pubDate></item>"
    feed = feedparser.parse(f'<rss version="2.0"><channel>{item}</channel></rss>')
    hour = feed.entries[0].published_parsed.tm_hour
    print(f"{date:34} read as {hour:02}:00 UTC, meant {meant:02}:00, bozo {bool(feed.bozo)}")
    assert (hour, bool(feed.bozo)) == (read, False), "feedparser has changed: out of date"
PYTHON
"$folder/venv/bin/python" "$folder/check.py"
echo "seen: feedparser 6.0.14 takes a zone name that it does not know for UTC"
