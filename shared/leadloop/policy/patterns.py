"""Regular expressions of a playbook, in RE2: their cost grows only linearly with the text.

A pattern is checked where a playbook is read to be published. What is published is read without
that check (`PUBLISHED`): to compile all patterns costs more than to read all the rest.

Source: https://github.com/google/re2/wiki/Syntax
"""

from functools import lru_cache
from typing import Annotated, Any

import re2  # type: ignore[import-untyped]
from pydantic import AfterValidator, Field, StrictStr, ValidationInfo
from pydantic_core import PydanticCustomError

PUBLISHED = {"published": True}  # the context in which a published playbook is validated


@lru_cache(maxsize=1_024)
def compile_pattern(pattern: str) -> Any:  # noqa: ANN401 - google-re2 ships no types
    """The compiled pattern.

    Raises:
        re2.error: it is no pattern of RE2.

    """
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def _check_pattern(pattern: str, info: ValidationInfo) -> str:
    if info.context == PUBLISHED:
        return pattern
    try:
        compile_pattern(pattern)
    except re2.error as error:
        raise PydanticCustomError(
            "pattern", "is no pattern of RE2: {why}", {"why": error.args[0].decode()}
        ) from None
    return pattern


Pattern = Annotated[StrictStr, Field(max_length=500), AfterValidator(_check_pattern)]
