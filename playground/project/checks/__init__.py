"""Failures that the source shows before any request: each check looks at facts, and never guesses."""
