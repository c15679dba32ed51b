"""The pattern of an e-mail address in running text."""

import re

EMAIL_PATTERN = re.compile(
    r"(?<![^\s<>,;:\"'()\[\]@])[^\s<>,;:\"'()\[\]@]{1,64}+@[^\s<>,;:\"'()\[\]@]{1,255}"
)
