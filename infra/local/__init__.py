"""The laptop run: the whole system on an AWS that is emulated in one process."""
