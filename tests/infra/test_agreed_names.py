"""Infra may not import the rooms whose names it spells again; here they are held equal."""

from collections.abc import Mapping
from typing import Any

from infra import data_stack, imports, journey, outbound, upkeep
from leadloop.model.lead import TimerKind
from leadloop.store import keys
from leadloop.store.keys import Index

from .conftest import Assembly


def prefix(pattern: Mapping[str, Any]) -> object:
    return pattern["dynamodb"]["Keys"]["sk"]["S"]


def test_the_streams_filters_read_what_the_store_writes() -> None:
    assert prefix(outbound.CHANGED_DELIVERY) == [{"prefix": keys.DELIVERY}]
    assert prefix(outbound.NEW_TIMELINE_ENTRY) == [{"prefix": keys.ENTRY}]
    assert prefix(outbound.NEW_SUBMISSION) == [keys.RECORD]


def test_the_indexes_are_those_the_store_queries(prod: Assembly) -> None:
    (table,) = prod.of_type("AWS::DynamoDB::Table").values()
    built = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in table["Properties"]["GlobalSecondaryIndexes"]
    }
    assert built == {index: [index.hash_key, index.sort_key] for index in Index}


def test_the_journey_knows_every_kind_of_timer() -> None:
    assert set(journey.KINDS) == set(TimerKind)


def test_the_consent_right_is_for_the_stores_consent_keys() -> None:
    assert keys.suppression("hash", "all").pk.startswith("CONSENT#")


def test_prefixes_are_closed() -> None:
    prefixes = {
        f"{module.__name__}.{name}": value
        for module in (data_stack, imports, upkeep)
        for name, value in vars(module).items()
        if name.endswith("_PREFIX")
    }
    assert len(prefixes) >= 14
    assert {name: value for name, value in prefixes.items() if not value.endswith("/")} == {}
