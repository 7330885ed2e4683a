"""CAISO's own DAG: the gaps of the last market days, filled once a day.

OASIS wants five seconds between two questions, so that many gaps take long: before the morning there is time. What is due
is pulled by `ingest_caiso_batch`: this DAG asks for nothing that landed. More in docs/airflow.md: Airflow looks only into
files that carry its name.
"""
from market_days import market_days_dag

dag = market_days_dag("CAISO", connector="caiso", cron="0 4 * * *", zone="America/Los_Angeles")
