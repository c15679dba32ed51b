"""Values of a contact in normal form, and what makes them doubtful."""
