"""Reports and explanations as tables and lines on a terminal."""
