"""govern: does this project still deliver the value it promised, and if not, what should change?"""

ENGINE_VERSION = "0.1.0"
"""Recorded with every verdict, so that a replay knows which semantics it was reached under."""
