"""Where the product meets Lambda: events in, answers out, and what a process is wired to."""
