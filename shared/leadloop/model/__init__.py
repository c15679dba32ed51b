"""What leadloop talks about: triggers, leads, facts, decisions. Frozen data, no behaviour outside."""
