"""Evidence for a design review: a folder that says what was found, and lets others check it."""
