"""Loads a playbook from a folder of YAML files, or reports all faults in it.

company.yaml  routes.yaml  lifecycle.yaml  contact_windows.yaml
sources/  scores/  pools/  sequences/  templates/  offers/  health/
                                                      one file each, named by its id
assets/                                               files that offers give away
examples/                                             read by `leadloop playbook check`
"""

from collections.abc import Mapping
from pathlib import Path
from typing import get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from leadloop.model.errors import PlaybookInvalid
from leadloop.playbook.checks.references import playbook_faults
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from leadloop.playbook.yaml_document import Fault, YamlDocument, describe_error

FILES = {
    "company": "company.yaml",
    "routing": "routes.yaml",
    "lifecycle": "lifecycle.yaml",
    "contact": "contact_windows.yaml",
}
FOLDERS = ("sources", "scores", "pools", "sequences", "templates", "offers", "health")
OTHER_ENTRIES = frozenset({"assets", "examples", "README.md"})


def load_playbook(folder: Path) -> Playbook:
    """The playbook in `folder`; its version is made from its content.

    Raises:
        PlaybookInvalid: it carries every fault, each as `file:line: field: text`.

    """
    reader = _FolderReader(folder)
    if reader.faults:
        raise _invalid(reader.faults)
    try:
        playbook = Playbook.model_validate({"version": "", **reader.data})
    except ValidationError as error:
        raise _invalid([reader.fault_from_error(each) for each in error.errors()]) from None
    faults = [reader.fault_at(where, text) for where, text in playbook_faults(playbook)]
    if faults:
        raise _invalid(faults)
    return stamp_version(playbook)


def json_schemas() -> dict[str, Mapping[str, object]]:
    """The JSON Schema of each kind of file, by section name; for editors and form builders."""
    kinds = get_type_hints(Playbook)
    return {name: TypeAdapter(kinds[name]).json_schema() for name in (*FILES, *FOLDERS)}


class _FolderReader:
    """The data of a playbook's folder, and the file that each part came from."""

    def __init__(self, folder: Path) -> None:
        self.data: dict[str, object] = {}
        self.faults: list[Fault] = []
        self._files: dict[tuple[str, ...], YamlDocument] = {}
        if not folder.is_dir():
            self.faults.append(Fault(str(folder), 1, "", "there is no such folder"))
            return
        for section, name in FILES.items():
            if document := self._open(folder, folder / name):
                self.data[section] = document.data
                self._files[(section,)] = document
        for section in FOLDERS:
            self._read_folder(folder, section)
        expected = {*FILES.values(), *FOLDERS, *OTHER_ENTRIES}
        self.faults += [
            Fault(path.name, 1, "", "nothing reads this; is its name right?")
            for path in sorted(folder.iterdir())
            if path.name not in expected and not path.name.startswith(".")
        ]

    def _read_folder(self, folder: Path, section: str) -> None:
        """Read each file of a section as one item, in the order of the file names.

        An item's `id` is the name of its file. The key of a score is its product line.
        """
        items: dict[str, object] = {}
        for path in sorted((folder / section).glob("*")):
            document = self._open(folder, path)
            if document is None:
                continue
            data = {"id": path.stem, **document.data}
            if data["id"] != path.stem:
                self.faults.append(
                    document.fault_at(["id"], f"is to be the file's name, {path.stem}")
                )
            key = str(data.get("product_line")) if section == "scores" else path.stem
            if key in items:
                text = f"{self._files[section, key].file} is for {key} already"
                self.faults.append(document.fault_at(["product_line"], text))
            items[key] = data
            self._files[section, key] = document
        self.data[section] = items

    def _open(self, folder: Path, path: Path) -> YamlDocument | None:
        name = path.relative_to(folder).as_posix()
        if path.suffix != ".yaml":
            self.faults.append(Fault(name, 1, "", "is not a .yaml file"))
            return None
        try:
            return YamlDocument(name, path.read_bytes())
        except FileNotFoundError:
            self.faults.append(Fault(name, 1, "", "is missing"))
        except Fault as fault:
            self.faults.append(fault)
        return None

    def fault_at(self, where: tuple[str | int, ...], text: str) -> Fault:
        """A fault at a path of the playbook, such as `("pools", "field", "reps", 0)`."""
        for size in (2, 1):
            document = self._files.get(tuple(map(str, where[:size])))
            if document is not None:
                return document.fault_at(where[size:], text)
        return Fault(str(where[0]), 1, "", text)

    def fault_from_error(self, error: ErrorDetails) -> Fault:
        return self.fault_at(error["loc"], describe_error(error))


def _invalid(faults: list[Fault]) -> PlaybookInvalid:
    """One fault for each place, because pydantic reports it for each member of a union."""
    places: dict[tuple[str, int, str], Fault] = {}
    for fault in faults:
        places.setdefault(fault.place, fault)
    return PlaybookInvalid(tuple(str(places[place]) for place in sorted(places)))
