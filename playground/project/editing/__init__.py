"""Edits of one Python file: pure functions from bytes to bytes that prove what they did."""
