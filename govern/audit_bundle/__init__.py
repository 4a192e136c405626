"""What goes into an export for auditors, and the single file that verifies it without govern."""
