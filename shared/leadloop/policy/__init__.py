"""The rules that several sections of a playbook share: conditions, calendars and limits."""
