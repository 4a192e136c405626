"""`govern rules`: what an author does with rule files, one module a command."""
