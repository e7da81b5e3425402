"""What is known of how a worker is doing."""
