"""The address of what is offered is not where the person lives."""

import pytest

from leadloop.intake.formats.labelled_text import read_labels

PERSON = "Name: Mia Holt\nEmail: mia@holt.example\n"
ADDRESS = "Address: 9 Oak Way\nCity: Troy\nZip: 12180\n"
DE = "Straße: Eichweg 9\nPLZ: 10115\nOrt: Berlin\n"
FIELDS = {"contact.street", "contact.city", "contact.postcode"}


@pytest.mark.parametrize(
    ("text", "product"),
    [
        (f"Mia asks about the property below.\n\n{ADDRESS}{PERSON}", "9 Oak Way, Troy, 12180"),
        (f"MLS ID: 77\n{ADDRESS}Price: 300,000\n{PERSON}", "9 Oak Way, Troy, 12180"),
        (f"{ADDRESS}MLS: 77\n\n{PERSON}", "9 Oak Way, Troy, 12180"),
        (f"Price: 300,000\n{ADDRESS}\n{PERSON}", "9 Oak Way, Troy, 12180"),
        (f"{PERSON}\nProperty details\n{ADDRESS}", "9 Oak Way, Troy, 12180"),
        (f"The apartment:\n{ADDRESS}\nContact details\n{PERSON}", "9 Oak Way, Troy, 12180"),
        (f"Objektdaten\n{DE}\nKontaktdaten\n{PERSON}", "Eichweg 9, Berlin, 10115"),
        (f"Objekt-Nr: 5\n{DE}\n{PERSON}", "Eichweg 9, Berlin, 10115"),
        (f"Le bien\nRue : 3 rue Haute\nVille : Lyon\n\n{PERSON}", "3 rue Haute, Lyon"),
        (f"El inmueble\nDirección: Calle Sol 3\nCiudad: León\n\n{PERSON}", "Calle Sol 3, León"),
        (f"L'immobile\nIndirizzo: Via Po 3\nCittà: Asti\n\n{PERSON}", "Via Po 3, Asti"),
        (f"De woning\nStraat: Kade 3\nPlaats: Urk\n\n{PERSON}", "Kade 3, Urk"),
        (f"Property\x1f9 Oak Way\nCity\x1fTroy\n{PERSON}", "9 Oak Way"),
    ],
)
def test_the_offers_address_is_the_product(text: str, product: str) -> None:
    found = read_labels(text, {})
    assert not FIELDS & found.values.keys()
    assert found.values["interest.product"] == product
    assert found.values["contact.name"] == "Mia Holt"


@pytest.mark.parametrize(
    "text",
    [
        f"{PERSON}{ADDRESS}Job: New roof\n",
        f"{PERSON}{ADDRESS}Price: 900\nProperty type: House\n",
        f"{ADDRESS}{PERSON}",
        f"{PERSON}Price: 900\n{ADDRESS}",
        f"Property: 1 Elm Row\n\nCustomer\n{PERSON}{ADDRESS}",
        f"{PERSON}{ADDRESS}\nThe property\nMLS: 77\n",
        f"MLS: 77\nHome address: 9 Oak Way\n{PERSON}City: Troy\nZip: 12180\n",
    ],
)
def test_the_persons_address_stays_theirs(text: str) -> None:
    found = read_labels(text, {}).values
    assert tuple(found.get(name) for name in sorted(FIELDS)) == ("Troy", "12180", "9 Oak Way")


def test_an_address_between_person_and_listing_is_nobodys() -> None:
    found = read_labels(f"{PERSON}{ADDRESS}MLS #: 77\n", {})
    assert not FIELDS & found.values.keys()
    assert found.own["address"] == "9 Oak Way, Troy, 12180"


def test_beside_a_product_the_offers_address_is_an_own_field() -> None:
    found = read_labels(f"Listing: Oak Villa\n{ADDRESS}\n{PERSON}", {})
    assert found.values["interest.product"] == "Oak Villa"
    assert found.own["offer_address"] == "9 Oak Way, Troy, 12180"


@pytest.mark.parametrize(
    "text",
    [
        f"The property\n{ADDRESS}\nName: Mia Holt\nStreet: 2 Elm Row\nCity: Rome\n",
        f"Exposé-Nr.: 5\n{DE}Name: Mia Holt\nAnschrift: 2 Elm Row\nWohnort: Rome\n",
        "Référence annonce : 7\nVille : Lyon\n\nNom : Mia Holt\nRue : 2 Elm Row\nVille : Rome\n",
    ],
)
def test_below_the_person_stands_the_persons_own_address(text: str) -> None:
    found = read_labels(text, {}).values
    assert (found["contact.street"], found["contact.city"]) == ("2 Elm Row", "Rome")
    assert "contact.postcode" not in found


def test_a_second_address_of_the_person_is_kept() -> None:
    found = read_labels(f"{PERSON}{ADDRESS}\nBilling address: 2 Elm Row\n", {})
    assert found.values["contact.street"] == "9 Oak Way"
    assert "2 Elm Row" in found.own.values()
