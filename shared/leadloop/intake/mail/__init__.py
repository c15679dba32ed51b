"""Received mail: its structure, its sender, and the leads, replies or bounces in it."""
