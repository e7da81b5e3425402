"""What only all partitions together say of an agreement: read, worked out and written by whoever owns the agreement."""
