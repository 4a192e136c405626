"""One function per use case. Each owns its transaction: the change, its ledger event and its answer
stand or fall together. Who asks (`Actor`) and when (`now`) are arguments."""
