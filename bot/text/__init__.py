"""Sentences, words, scripts, names, numbers and cues in a text: pure functions from a string to spans."""
