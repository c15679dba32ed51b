"""Asks providers what a decision must know: side by side, within a bounded time.

A provider that does not answer is a fact for the decision, never an error of the batch. The
vendors' APIs are listed here by the `format` of their sources.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from leadloop.intake.policy import FormSource, Source, WebhookSource
from leadloop.model.provider_check import CheckRef, ProviderAnswer, ProviderFailure
from leadloop.providers import captcha, linkedin, meta, typeform
from leadloop.providers.http_json import HttpClient, NoAnswer
from leadloop.providers.vendor_api import SecretLookup, VendorApi, VendorSession

VENDOR_APIS: Mapping[str, VendorApi] = {
    "meta": meta.VENDOR_API,
    "linkedin": linkedin.VENDOR_API,
    "typeform": typeform.VENDOR_API,
}
MOST_PARALLEL = 8  # threads
ROUND_SECONDS = 25.0  # seconds in which a question of one round may still begin


class ProviderChecks:
    """Asks each check of its provider.

    `source` finds a source by its id, `secret` a key by the name of its secret. `ticks` counts
    seconds.
    """

    def __init__(
        self,
        *,
        http: HttpClient,
        source: Callable[[str], Source | None],
        secret: SecretLookup,
        clock: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http, self._source, self._secret = http, source, secret
        self._clock, self._ticks = clock, ticks

    def __call__(
        self, refs: Sequence[CheckRef]
    ) -> Mapping[CheckRef, ProviderAnswer | ProviderFailure]:
        """The answer to each check, or why there is none. Never raises `NoAnswer`."""
        deadline = self._ticks() + ROUND_SECONDS
        with ThreadPoolExecutor(min(MOST_PARALLEL, len(refs) or 1)) as pool:
            return dict(
                zip(refs, pool.map(lambda ref: self._check(ref, deadline), refs), strict=True)
            )

    def _check(self, ref: CheckRef, deadline: float) -> ProviderAnswer | ProviderFailure:
        try:
            return ProviderAnswer(
                provider=ref.provider, at=self._clock(), body=self._ask_provider(ref, deadline)
            )
        except NoAnswer as error:
            return ProviderFailure(
                provider=ref.provider, at=self._clock(), why=error.why, passing=error.passing
            )

    def _ask_provider(self, ref: CheckRef, deadline: float) -> bytes:
        if self._ticks() > deadline:
            raise NoAnswer("could not be asked in time", passing=True)
        source, api = self._source(ref.source), VENDOR_APIS.get(ref.provider)
        if isinstance(source, FormSource) and source.captcha:
            return captcha.verify_captcha_token(self._http, source.captcha, self._secret, ref.of)
        if not isinstance(source, WebhookSource) or api is None or api.fetch_lead is None:
            raise NoAnswer("is nobody we know to ask", passing=False)
        return api.fetch_lead(VendorSession(self._http, source, self._secret), ref.of)
