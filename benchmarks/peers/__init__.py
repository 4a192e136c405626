"""Rules against peers: 20 rules on each KPI and 5 on each project, by govern and by other rule engines."""
