"""The benefits map: what is delivered, what it brings about, what that moves, what that is for."""
