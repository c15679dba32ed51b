"""The steps of a decision about one submission, and the records it leaves."""
