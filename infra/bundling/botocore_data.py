"""Botocore's descriptions of AWS services, reduced to what calls need.

A cold start reads megabytes of them. Four fifths are documentation, and the endpoints are those of
some three hundred services that we never call.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path


def strip_botocore_data(data: Path) -> None:
    """Remove documentation and foreign endpoints from botocore's folder `data`, in place.

    The folder holds only the services that a bundle keeps.
    """
    prefixes = set(_strip_documentation(data))
    _reduce_endpoints(prefixes, data / "endpoints.json")


def _strip_documentation(data: Path) -> Iterator[str]:
    """Rewrite each service's description, and yield its endpoint prefix.

    Files keep their names, which the RECORD of the package lists.
    """
    for path in data.glob("*/*/service-2.json.gz"):
        model = json.loads(gzip.decompress(path.read_bytes()))
        yield model["metadata"]["endpointPrefix"]
        for part in ("operations", "shapes"):  # botocore needs it in other parts
            model[part] = _drop_documentation(model[part])
        text = json.dumps(model, separators=(",", ":"))
        path.write_bytes(gzip.compress(text.encode(), compresslevel=0, mtime=0))  # zipped anyway


def _drop_documentation(described: object) -> object:
    match described:
        case dict():  # a shape may also have a member named "documentation"
            return {
                name: _drop_documentation(value)
                for name, value in described.items()
                if name != "documentation" or not isinstance(value, str)
            }
        case list():
            return [_drop_documentation(item) for item in described]
        case _:
            return described


def _reduce_endpoints(prefixes: set[str], path: Path) -> None:
    endpoints = json.loads(path.read_bytes())
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in prefixes}
    path.write_text(json.dumps(endpoints, separators=(",", ":")))
