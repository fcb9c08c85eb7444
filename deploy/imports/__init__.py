"""Rows of a spreadsheet become complaints: read, map, check, send in batches, report each row."""
