"""Stories: which articles tell the same thing, and what is new in them."""
