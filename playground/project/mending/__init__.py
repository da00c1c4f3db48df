"""Edits that mend a problem: each has a name, and becomes a proposal of what it would write."""
