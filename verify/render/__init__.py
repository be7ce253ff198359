"""How results look: text for people, JSON for programs, and the generated documentation."""
