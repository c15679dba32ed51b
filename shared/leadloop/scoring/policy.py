"""The scores section of the playbook: one model per product line."""

from pydantic import Field

from leadloop.model.base import Model
from leadloop.policy.conditions import Condition


class FitRule(Model):
    """Points for who the person is, while `when` holds; `reason` is said to people."""

    id: str
    when: Condition
    points: int
    reason: str


class BehaviourRule(Model):
    """Points for each confirmed signal, halved every `half_life_days`, at most `limit` in sum."""

    signal: str
    points: int
    half_life_days: float = Field(gt=0)
    limit: int
    reason: str


class Thresholds(Model):
    """Agreed by marketing and sales: the least total for warm, hot, and for a sales person."""

    warm: int
    hot: int
    qualify: int


class ScoreModel(Model):
    """How leads of one product line are scored and rated."""

    id: str
    product_line: str
    fit: tuple[FitRule, ...] = ()
    behaviour: tuple[BehaviourRule, ...] = ()
    thresholds: Thresholds
