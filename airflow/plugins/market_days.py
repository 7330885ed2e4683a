"""The daily DAG of a market beside its ingest DAG: what became of its last days, and the pull of what is missing.

It asks the interval ledger, which knows what should have landed, and pulls the windows of the gaps alone: nothing that
landed is asked for again.
"""
from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from airflow.sdk import DAG, CronDataIntervalTimetable

from carbon_command import CarbonOperator, failure_of, origin_words, pipeline_words

DAYS = 3


class MarketDays(CarbonOperator):
    """`carbon ledger gaps` for the days of a market that ended before the run; with `fill` it pulls what is missing."""

    def __init__(self, *, market: str, connector: str, zone: str, fill: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.market, self.connector, self.zone, self.fill = market, connector, zone, fill

    def execute(self, context: Any) -> None:
        """Lists or fills the gaps; what the market still withholds stays one."""
        ended = self.run_carbon(self.words_of(context["dag_run"]))
        if ended.exit != 0:
            raise failure_of(ended)

    def words_of(self, dag_run: Any) -> list[str]:
        """The command of a run: the last whole days of the market before its end."""
        today = (dag_run.data_interval_end or dag_run.run_after).astimezone(ZoneInfo(self.zone)).date()
        words = ["ledger", "gaps", self.market]
        # What a dataset never began with is a backfill's work.
        words += ["--from", str(today - timedelta(days=DAYS)), "--to", str(today - timedelta(days=1)), "--begun"]
        return [*words, "--fill", *origin_words(self.connector), *pipeline_words()] if self.fill else words


def market_days_dag(market: str, connector: str, cron: str, zone: str, owner: str = "platform") -> DAG:
    """The DAG `market_<market>`: once a day, at a time of the market's own zone, after its day is over."""
    dag = DAG(
        dag_id=f"market_{market.lower()}",
        description=f"{market}: gaps of the last {DAYS} market days, listed and filled",
        doc_md="What it asks for, and what it leaves to the ingest DAG: docs/airflow.md.",
        schedule=CronDataIntervalTimetable(cron, timezone=zone),
        start_date=datetime(2000, 1, 1, tzinfo=timezone.utc),
        catchup=False,
        max_active_runs=1,
        tags=["market", market.lower()],
        default_args={
            "owner": owner,
            "retries": 3,
            "retry_delay": timedelta(minutes=1),
            "retry_exponential_backoff": True,
        },
    )
    with dag:
        gaps = MarketDays(task_id="gaps", market=market, connector=connector, zone=zone, fill=False)
        fill = MarketDays(task_id="fill", market=market, connector=connector, zone=zone, fill=True)
        gaps >> fill
    return dag
