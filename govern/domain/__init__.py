"""Plain values of value realization: pure, frozen, without input or output."""
