"""The vendors and services that we ask over the network; nothing here decides."""
