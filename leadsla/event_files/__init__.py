"""Files of events, and what they are evidence of."""
