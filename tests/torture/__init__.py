"""Faults done to govern on purpose: what was acknowledged is kept, once and whole, whatever breaks.

`python -m tests.torture` runs them for a stated time; `test_*.py` run each in a short form.
"""
