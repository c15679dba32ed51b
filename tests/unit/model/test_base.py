import pytest

from leadloop.model.base import Reason
from leadloop.model.contact import Contact

CONTACT = Contact(email="ana@acme.example", name="Ana")


def test_a_changed_copy_is_equal_to_one_that_was_made_so() -> None:
    copy = CONTACT.but(name="Ana Silva", city="Porto")
    assert copy == Contact(email="ana@acme.example", name="Ana Silva", city="Porto")
    assert hash(copy) == hash(Contact(email="ana@acme.example", name="Ana Silva", city="Porto"))
    assert copy.model_dump(exclude_unset=True) == {
        "email": "ana@acme.example",
        "name": "Ana Silva",
        "city": "Porto",
    }
    assert Contact(email="ana@acme.example", name="Ana") == CONTACT


def test_a_changed_copy_has_no_field_that_the_model_has_not() -> None:
    with pytest.raises(TypeError, match="Reason has not all of code, txt"):
        Reason(code="a", text="b").but(code="c", txt="d")
