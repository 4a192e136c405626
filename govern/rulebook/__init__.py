"""Rule files → checked rules → their states on observations → findings and proposals."""
