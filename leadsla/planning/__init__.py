"""Plans: what they are worked out from, and the files that they are written to."""
