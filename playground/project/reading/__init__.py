"""Routes, owners and answers read from the source of a project; nothing of it is run."""
