"""The laptop run: the system on an embedded AWS, with sample leads."""
