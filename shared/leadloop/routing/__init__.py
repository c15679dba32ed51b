"""Which rep of a pool gets a lead."""
