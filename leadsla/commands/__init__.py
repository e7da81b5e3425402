"""The commands of `leadsla`, one a file: its options and what it does."""
