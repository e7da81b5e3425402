"""Records that are rejected: as letters, read back, and how many there may be."""
