"""The web API: HTTP in, one use case, HTTP out. Holds no logic of its own."""
