"""The command line: what people type, handed to the services."""
