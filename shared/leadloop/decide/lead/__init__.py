"""The steps of a decision that concern one lead, from its score to its next mail."""
