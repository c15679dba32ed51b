#!/bin/sh
# grimp 3.19 (PyPI): an import graph out of the cache can be older than the code.
#
# Guess written down first: after a module's file changed, every graph that is built shows the
# module's new imports, since the cache looks at each file's modification time.
# Seen: times are cached once per package, imports once per package and option. A build with
# `include_external_packages=False` writes the new times; the next build with `True` then takes
# its own old imports for fresh. It keeps them until the file changes again.
# What to do: build graphs with `cache_dir=None` where a stale graph would matter.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install grimp==3.19
cd "$folder"
mkdir shop
: > shop/__init__.py
: > shop/old.py
: > shop/new.py
cat > check.py <<'PYTHON'
import os
from pathlib import Path

import grimp


def imported(*, external: bool) -> set[str]:
    graph = grimp.build_graph("shop", include_external_packages=external)
    return graph.find_modules_directly_imported_by("shop.order")


order = Path("shop/order.py")
order.write_text("from shop import old\n")
os.utime(order, (1_700_000_000, 1_700_000_000))
before = imported(external=False), imported(external=True)
order.write_text("from shop import new\n")
os.utime(order, (1_700_000_100, 1_700_000_100))
first, second = imported(external=False), imported(external=True)
uncached = grimp.build_graph("shop", include_external_packages=True, cache_dir=None)
print("before the change:        ", before)
print("after, without externals: ", first)
print("after, with externals:    ", second)
print("after, without the cache: ", uncached.find_modules_directly_imported_by("shop.order"))
assert before == ({"shop.old"}, {"shop.old"})
assert first == {"shop.new"}
assert second == {"shop.old"}, "grimp now reads the changed file: this finding is out of date"
PYTHON
"$folder/venv/bin/python" check.py
echo "seen: grimp 3.19 serves imports that the file no longer has"
