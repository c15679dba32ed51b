"""Posts of partners with an API key, and the instructions that tell them how to post."""
