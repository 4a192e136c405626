"""Examples of every release, kept as they were recorded: what later versions must still say of them."""
