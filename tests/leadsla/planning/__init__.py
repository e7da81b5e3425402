"""Plans on the command line, and the files that they are written to."""
