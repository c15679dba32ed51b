from leadloop.decide.lead.condition_view import OF_COMPANY, view_of
from leadloop.model.account import Account
from tests.stories.people import INES
from tests.stories.world import MONDAY, World, acme


def test_the_company_has_a_word_in_one_name_only() -> None:
    world = World()
    ines = world.lead(world.submit(world.form("machines-quote", INES)).submission_id)
    bought = Account(id="anywhere.example", version=1, customer_since=MONDAY)
    without, by_company = view_of(ines, None, acme()), view_of(ines, bought, acme())
    changed = {name for name in by_company if by_company[name] != without.get(name)}
    assert changed == {OF_COMPANY}
    assert without.keys() == by_company.keys()
