"""Where the product meets Lambda: its events, its answers, and the AWS clients of a process."""
