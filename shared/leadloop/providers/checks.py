"""The registry of whom we ask, and asking: side by side, within a bounded time.

Whoever does not answer is a fact for the decision, never an error of the batch.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from leadloop.intake.policy import FormSource, Source, WebhookSource
from leadloop.model.provider_check import Checked, CheckRef, Unanswered
from leadloop.providers import captcha, linkedin, meta, typeform
from leadloop.providers.http_json import NoAnswer, Outside
from leadloop.providers.lead_list import Asking, Listed, Secret

LEADS: Mapping[str, Callable[[Asking, str], bytes]] = {"meta": meta.lead, "linkedin": linkedin.lead}
LISTS: Mapping[str, Callable[[Asking, datetime, datetime], Iterator[Listed]]] = {
    "meta": meta.listed,
    "linkedin": linkedin.listed,
    "typeform": typeform.listed,
}
AT_ONCE = 8
TIME = 25.0  # seconds in which a question of one round may still begin


class Checks:
    """Puts the questions of a decision to their providers. `source` knows a source by its name."""

    def __init__(
        self,
        *,
        outside: Outside,
        source: Callable[[str], Source | None],
        secret: Secret,
        clock: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._outside, self._source, self._secret = outside, source, secret
        self._clock, self._ticks = clock, ticks

    def __call__(self, refs: Sequence[CheckRef]) -> Mapping[CheckRef, Checked | Unanswered]:
        """Every one has an answer, if only that there was none."""
        until = self._ticks() + TIME
        with ThreadPoolExecutor(min(AT_ONCE, len(refs) or 1)) as pool:
            return dict(zip(refs, pool.map(lambda ref: self._one(ref, until), refs), strict=True))

    def _one(self, ref: CheckRef, until: float) -> Checked | Unanswered:
        try:
            return Checked(provider=ref.provider, at=self._clock(), body=self._said(ref, until))
        except NoAnswer as none:
            return Unanswered(
                provider=ref.provider, at=self._clock(), why=none.why, passing=none.passing
            )

    def _said(self, ref: CheckRef, until: float) -> bytes:
        if self._ticks() > until:
            raise NoAnswer("could not be asked in time", passing=True)
        source, lead = self._source(ref.source), LEADS.get(ref.provider)
        if isinstance(source, FormSource) and source.captcha:
            return captcha.said(self._outside, source.captcha, self._secret, ref.of)
        if not isinstance(source, WebhookSource) or lead is None:
            raise NoAnswer("is nobody we know to ask", passing=False)
        return lead(Asking(self._outside, source, self._secret), ref.of)
