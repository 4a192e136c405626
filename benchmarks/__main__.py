"""`python -m benchmarks`: every benchmark on what comes with govern; each can be run by itself."""

from benchmarks import main_job, rule_check

main_job.main()
rule_check.main()
