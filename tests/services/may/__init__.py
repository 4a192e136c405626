"""The table of docs/who-may-what.md, and every attempt that it is held against."""
