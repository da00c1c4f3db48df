"""Failures that the source shows before any request: each rule looks at facts, and never guesses."""
