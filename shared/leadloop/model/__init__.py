"""What leadloop talks about: triggers, leads, facts, decisions. Frozen data, nothing more."""
