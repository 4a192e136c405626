"""Composite KPIs: formulas of other KPIs, and the values that follow from theirs."""
