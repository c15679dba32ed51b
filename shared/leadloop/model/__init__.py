"""The data of leadloop: triggers, leads, facts, decisions. All of it is frozen."""
