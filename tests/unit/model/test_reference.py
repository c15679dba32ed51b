"""A new entity is one edit: its class and its reference; the rest is derived."""

import pytest

from leadloop.model.facts import Change, Facts, Unknown
from leadloop.model.offer import OfferRef, OfferUsage
from leadloop.model.pool import Pool, PoolRef
from leadloop.model.reference import Digest, Entity, Ref, entity_type
from leadloop.store.commit import commit
from leadloop.store.memory_table import MemoryTable
from leadloop.store.read import read


class Invoice(Entity):
    """An entity that nothing else of the product knows."""

    version: int = 1
    cents: int


class InvoiceRef(Ref[Invoice], partition="INVOICE#", sort="I#"):
    """An invoice of a buyer; the buyer's name stands in no key."""

    buyer: str
    number: int

    def key_ends(self, digest: Digest) -> tuple[str, str]:
        return digest("buyer", self.buyer), f"{self.number:04d}"


def test_a_new_entity_is_written_and_read_by_its_reference_alone() -> None:
    table, ref, invoice = MemoryTable(), InvoiceRef("Anna", 7), Invoice(cents=4_200)
    assert commit(table, [Change(ref, None, invoice)]) == frozenset()
    stored: Invoice | None = Facts(read(table, [ref])).get(ref)  # the type is inferred
    assert stored == invoice
    key = table.keys.of(ref)
    assert (key.pk.startswith("INVOICE#"), "Anna" in key.pk, key.sk) == (True, False, "I#0007")


def test_a_reference_is_its_class_and_the_tuple_of_its_fields() -> None:
    ref = InvoiceRef("Anna", number=7)
    assert repr(ref) == "InvoiceRef(buyer='Anna', number=7)"
    assert (hash(ref), ref == InvoiceRef("Anna", 7)) == (hash(("Anna", 7)), True)
    assert not hasattr(ref, "__dict__")


def test_a_key_of_no_reference_has_no_entity() -> None:
    assert entity_type("INVOICE#x", "I#1") is Invoice
    for pk, sk in (("INVOICE#x", "other"), ("NOTHING#x", "NOTHING"), ("S", "S")):
        with pytest.raises(KeyError):
            entity_type(pk, sk)


def test_facts_answer_with_the_entity_none_or_the_question() -> None:
    pool = PoolRef("webinar")
    with pytest.raises(Unknown):
        Facts().get(pool)
    assert Facts({pool: None}).get(pool) is None
    with pytest.raises(TypeError):
        Facts({pool: OfferUsage(id="webinar", version=1)}).get(pool)


def test_a_pool_and_an_offer_of_one_name_are_two_facts() -> None:
    pool, offer = Pool(id="demo", version=1), OfferUsage(id="demo", version=1)
    facts = Facts({PoolRef("demo"): pool, OfferRef("demo"): offer})
    assert facts.get(PoolRef("demo")) == pool
    assert facts.get(OfferRef("demo")) == offer
    assert len({PoolRef("demo"), PoolRef("demo"), OfferRef("demo")}) == 2
