"""The registry of whom we ask, and asking: side by side, within a bounded time.

Whoever does not answer is a fact for the decision, never an error of the batch.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from leadloop.intake.policy import FormSource, Source, WebhookSource
from leadloop.model.provider_check import CheckRef, ProviderAnswer, ProviderFailure
from leadloop.providers import captcha, linkedin, meta, typeform
from leadloop.providers.http_json import HttpClient, NoAnswer
from leadloop.providers.lead_list import ListedLead, SecretLookup, VendorSession

LEAD_FETCHERS: Mapping[str, Callable[[VendorSession, str], bytes]] = {
    "meta": meta.fetch_lead,
    "linkedin": linkedin.fetch_lead,
}
LEAD_LISTERS: Mapping[str, Callable[[VendorSession, datetime, datetime], Iterator[ListedLead]]] = {
    "meta": meta.list_leads,
    "linkedin": linkedin.list_leads,
    "typeform": typeform.list_leads,
}
MOST_PARALLEL = 8
ROUND_SECONDS = 25.0  # seconds in which a question of one round may still begin


class ProviderChecks:
    """Puts the questions of a decision to their providers. `source` knows a source by its name."""

    def __init__(
        self,
        *,
        outside: HttpClient,
        source: Callable[[str], Source | None],
        secret: SecretLookup,
        clock: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._outside, self._source, self._secret = outside, source, secret
        self._clock, self._ticks = clock, ticks

    def __call__(
        self, refs: Sequence[CheckRef]
    ) -> Mapping[CheckRef, ProviderAnswer | ProviderFailure]:
        """Every one has an answer, if only that there was none."""
        until = self._ticks() + ROUND_SECONDS
        with ThreadPoolExecutor(min(MOST_PARALLEL, len(refs) or 1)) as pool:
            return dict(zip(refs, pool.map(lambda ref: self._check(ref, until), refs), strict=True))

    def _check(self, ref: CheckRef, until: float) -> ProviderAnswer | ProviderFailure:
        try:
            return ProviderAnswer(
                provider=ref.provider, at=self._clock(), body=self._ask_provider(ref, until)
            )
        except NoAnswer as none:
            return ProviderFailure(
                provider=ref.provider, at=self._clock(), why=none.why, passing=none.passing
            )

    def _ask_provider(self, ref: CheckRef, until: float) -> bytes:
        if self._ticks() > until:
            raise NoAnswer("could not be asked in time", passing=True)
        source, lead = self._source(ref.source), LEAD_FETCHERS.get(ref.provider)
        if isinstance(source, FormSource) and source.captcha:
            return captcha.verify_captcha_token(self._outside, source.captcha, self._secret, ref.of)
        if not isinstance(source, WebhookSource) or lead is None:
            raise NoAnswer("is nobody we know to ask", passing=False)
        return lead(VendorSession(self._outside, source, self._secret), ref.of)
