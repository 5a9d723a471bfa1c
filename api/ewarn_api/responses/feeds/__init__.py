"""Alerts and milestones into what feed readers, alerting systems and calendars take."""
