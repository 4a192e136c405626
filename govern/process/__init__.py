"""Stage-gate workflows: files, the machine that moves a project, criteria, advice and votes."""
