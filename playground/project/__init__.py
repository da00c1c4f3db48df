"""The folder on disk: reading routes from source, lossless edits, templates, undo. The only writer."""
