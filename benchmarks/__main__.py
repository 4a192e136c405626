"""`python -m benchmarks`: every benchmark on what comes with govern; each can be run by itself."""

from benchmarks import backtest, main_job, rule_check

main_job.main()
rule_check.main()
backtest.main()
