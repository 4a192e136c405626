"""Files as finance, sales and operations send them, into readings and planned values."""
