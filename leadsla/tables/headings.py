"""Headings of tables."""

from rich.table import Table


def add_number_column(table: Table, heading: str) -> None:
    """A column of numbers under a heading that may take several lines, but whose words stay whole."""
    table.add_column(heading, justify="right", min_width=max(map(len, heading.split())))
