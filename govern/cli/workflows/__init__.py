"""`govern workflow`: one module per command that is more than a few lines."""
