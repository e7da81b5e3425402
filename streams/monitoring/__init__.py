"""What a worker shows and says of itself."""
