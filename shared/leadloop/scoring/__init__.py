"""How well a lead fits and how engaged it is, with a reason for each point."""
