"""MISO's own DAG: the gaps of the last market days, filled once a day.

MISO lives by Eastern Standard Time all year; the files of a day are out by six in the morning. What is due is pulled by
`ingest_miso_batch`: this DAG asks for nothing that landed. More in docs/airflow.md: Airflow looks only into
files that carry its name.
"""
from market_days import market_days_dag

dag = market_days_dag("MISO", connector="miso", cron="30 6 * * *", zone="Etc/GMT+5")
