"""What is agreed: the model of a file, reading it, and the rules of all versions together."""
