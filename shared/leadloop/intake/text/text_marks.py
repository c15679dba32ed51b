"""Control characters that stand, in a text made from HTML, for what its layout says."""

CELL_SEPARATOR = "\x1f"  # between the label and the value of one table row
INNER_BREAK = "\x1d"  # where a line of the value of one row ends; Python takes it for a blank
