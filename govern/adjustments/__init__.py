"""What could be done about a project, and what that does: to every KPI, to its value, to the budget."""
