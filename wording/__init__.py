"""Every sentence about figures and verdicts that a person reads, in the languages that people read them in."""
