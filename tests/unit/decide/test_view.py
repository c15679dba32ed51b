from leadloop.decide.lead.condition_view import CUSTOMER_FIELD, LeadViews
from leadloop.model.account import Account
from tests.stories.people import INES
from tests.stories.world import MONDAY, World, compile_acme


def test_the_company_has_a_word_in_one_name_only() -> None:
    world = World()
    ines = world.lead(world.submit(world.post_form("machines-quote", INES)).submission_id)
    bought = Account(id="anywhere.example", version=1, customer_since=MONDAY)
    views = LeadViews(compile_acme())
    without, by_company = views.view_of(ines, None), views.view_of(ines, bought)
    changed = {name for name in by_company if by_company[name] != without.get(name)}
    assert changed == {CUSTOMER_FIELD}
    assert without.keys() == by_company.keys()
