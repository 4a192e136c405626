"""`python -m benchmarks`: every benchmark on what comes with govern; each can be run by itself."""

from benchmarks import main_job

main_job.main()
