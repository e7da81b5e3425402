"""Questions to calendars."""
