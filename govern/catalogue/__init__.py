"""The catalogue: templates from which KPIs are made, in files that an organisation can add to."""
