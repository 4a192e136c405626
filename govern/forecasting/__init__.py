"""Forecasts: what a KPI will have come to at completion, how sure that is, and how wrong it was before."""
