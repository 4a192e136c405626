"""The history that can be checked: canonical JSON, a hash chain per project, verification."""
