"""The condition language: parse → frozen tree → types → columns | explain.

A typed subset of DMN FEEL (OMG, Decision Model and Notation 1.5, chapter 10).
"""
