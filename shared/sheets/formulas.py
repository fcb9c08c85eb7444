"""What a spreadsheet would run instead of show (OWASP, CSV injection)."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With these a cell of a CSV file begins a formula, or moves one into the next cell."""


def harmless(cell: str) -> str:
    """The cell as text: a quotation mark in front where it would be taken for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
