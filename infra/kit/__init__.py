"""The resources that every family uses; each adds its own alarms, variables and rights."""
