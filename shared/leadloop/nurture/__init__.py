"""The sequences of mails and waits that a lead passes through."""
