"""What the kind of a door says of its answer."""

from leadloop.model.submission import Channel


def test_a_partner_and_a_colleague_get_the_outcome_while_they_wait() -> None:
    assert {c for c in Channel if c.answers_inline} == {Channel.PARTNER, Channel.DESK}


def test_who_fills_in_a_form_can_correct_it_though_it_is_decided_later() -> None:
    interactive = {Channel.PARTNER, Channel.DESK, Channel.FORM}
    assert {c for c in Channel if c.reports_faults} == interactive
