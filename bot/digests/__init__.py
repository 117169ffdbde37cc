"""What a digest says: which articles, in which order, how much of each."""
