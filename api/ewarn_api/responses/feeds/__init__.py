"""Feeds of alerts and milestones for feed readers, alerting systems and calendars."""
