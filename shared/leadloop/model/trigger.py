"""Everything that happens is a `Trigger`; `decide` has one file for each kind."""

from typing import Annotated

from pydantic import Field

from leadloop.model.command import Command
from leadloop.model.due import Due
from leadloop.model.report import Report
from leadloop.model.signal import Signal
from leadloop.model.submission import Submission

Trigger = Annotated[Submission | Signal | Command | Due | Report, Field(discriminator="kind")]
