"""Which submissions belong to the same person or company, and how their values merge."""
