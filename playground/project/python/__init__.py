"""Python source as bytes, text and trees: what the language says, nothing of Flask."""
