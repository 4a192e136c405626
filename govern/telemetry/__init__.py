"""What whoever runs govern sees of it: the log, measures, traces. At the edge: nothing rests on it."""
