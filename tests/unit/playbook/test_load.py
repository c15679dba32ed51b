from pathlib import Path

import jsonschema
import yaml

from leadloop.playbook.load import FILES, FOLDERS, json_schemas, load_playbook
from tests.unit.playbook.broken import replace_text


def test_the_sample_is_a_playbook(acme: Path) -> None:
    playbook = load_playbook(acme)
    assert [line.id for line in playbook.company.product_lines] == ["machines", "homecare"]
    assert set(playbook.scores) == {"machines", "homecare"}
    assert len({rep.zone for pool in playbook.pools.values() for rep in pool.reps}) >= 3


def test_the_same_files_are_the_same_version(acme: Path, folder: Path) -> None:
    version = load_playbook(acme).version
    assert len(version) == 12
    assert load_playbook(folder).version == version
    replace_text(folder / "scores/machines.yaml", "points: 20", "points: 21")
    assert load_playbook(folder).version != version


def test_norway_is_a_country_and_a_phone_is_no_number(folder: Path) -> None:
    replace_text(folder / "routes.yaml", "in: [GB, IE]", "in: [GB, NO]")
    replace_text(folder / "company.yaml", '  - "+4940555000"', "  - +4940555000\n  - 0049")
    playbook = load_playbook(folder)
    assert playbook.company.shared_contacts[-2:] == ("+4940555000", "0049")
    route = next(route for route in playbook.routing.routes if route.id == "islands")
    assert route.when is not None
    assert "NO" in str(route.when.model_dump())


def test_every_file_of_the_sample_fits_its_schema(acme: Path) -> None:
    schemas = json_schemas()
    for section, name in FILES.items():
        jsonschema.validate(yaml.safe_load((acme / name).read_text()), schemas[section])
    for section in FOLDERS:
        paths = sorted((acme / section).glob("*.yaml"))
        items = {path.stem: {"id": path.stem} | _plain(path) for path in paths}
        assert items
        jsonschema.validate(items, schemas[section])


def _plain(path: Path) -> dict[str, object]:
    data: dict[str, object] = yaml.load(path.read_text(), Loader=yaml.BaseLoader) and _as_json(path)
    return data


def _as_json(path: Path) -> dict[str, object]:
    loader = yaml.SafeLoader(path.read_text())
    loader.yaml_implicit_resolvers = {  # dates stay text, as our loader leaves them
        first: [(tag, pattern) for tag, pattern in rows if not tag.endswith("timestamp")]
        for first, rows in loader.yaml_implicit_resolvers.items()
    }
    data: dict[str, object] = loader.get_single_data()
    return data
