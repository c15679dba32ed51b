"""What a bundle holds of botocore's descriptions of services: what calls need, and no manual.

A start with its clients reads megabytes of them, of which four fifths are documentation, and the
endpoints of some three hundred services that nobody here asks.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path


def strip_botocore_data(data: Path) -> None:
    """`data` is botocore's own folder of that name, with the services that are kept."""
    prefixes = set(_strip_documentation(data))
    _reduce_endpoints(prefixes, data / "endpoints.json")


def _strip_documentation(data: Path) -> Iterator[str]:
    """Each kept service's endpoint prefix. The name stays, which its package's list has."""
    for path in data.glob("*/*/service-2.json.gz"):
        model = json.loads(gzip.decompress(path.read_bytes()))
        yield model["metadata"]["endpointPrefix"]
        for part in ("operations", "shapes"):  # elsewhere botocore counts on it
            model[part] = _drop_documentation(model[part])
        text = json.dumps(model, separators=(",", ":"))
        path.write_bytes(gzip.compress(text.encode(), compresslevel=0, mtime=0))  # zipped anyway


def _drop_documentation(described: object) -> object:
    match described:
        case dict():  # a member of a shape may be called so too
            return {
                name: _drop_documentation(value)
                for name, value in described.items()
                if name != "documentation" or not isinstance(value, str)
            }
        case list():
            return [_drop_documentation(each) for each in described]
        case _:
            return described


def _reduce_endpoints(prefixes: set[str], path: Path) -> None:
    endpoints = json.loads(path.read_bytes())
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in prefixes}
    path.write_text(json.dumps(endpoints, separators=(",", ":")))
