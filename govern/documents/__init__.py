"""Files that people write: where each piece of text stands, and what is wrong with it."""
