"""What many leads come to: windows, open work, goals and capacity."""
