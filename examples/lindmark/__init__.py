"""Lindmark Energy, an invented regional utility: its people, its projects and what became of them."""
