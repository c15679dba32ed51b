"""The stages of a submission, and the case that travels through them."""
