"""Spans of time, working hours, calendars and the clocks that run by them."""
