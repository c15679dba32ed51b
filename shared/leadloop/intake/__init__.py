"""Received bytes become submissions, whatever the door and the format."""
