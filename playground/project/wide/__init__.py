"""Edits that reach over the files of a project: renames, moves, and taking out what nobody uses."""
