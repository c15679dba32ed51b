"""Each webhook vendor in a file with its row `VENDOR`; `registry.py` lists the rows."""
