"""A folder of CSV files in, checked rows and refusals out. Nothing is guessed."""
