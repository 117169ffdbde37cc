"""The terminal: JSON for other programs, and messages for people."""
