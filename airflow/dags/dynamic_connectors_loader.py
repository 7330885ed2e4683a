"""One DAG per market and mode of connectors_index.json: `ingest_nyiso_batch`, with the tasks extract, validate, load.

The same index gives the same DAGs, byte for byte. While it is broken, the DAGs are those of its last good copy, and
connectors_index_check.py puts the reason where Airflow shows import errors. An entry that only streams has no DAG: nothing
of it can be asked for at a time (docs/airflow.md).
"""
from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airflow.sdk import DAG, Param, get_parsing_context
from carbon_acts import ACTS, CarbonAct
from carbon_index import Entry, entries_or_last_good
from carbon_schedule import EveryCron

LONGEST_PAUSE = timedelta(minutes=10)
DAY_OR_TIME = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$"


def ingest_dag(entry: Entry) -> DAG:
    """The DAG of an entry."""
    dag = DAG(
        dag_id=entry.dag_id,
        description=f"{entry.market}: {len(entry.datasets)} datasets onto {entry.output_topic}",
        doc_md="What a run asks for, and how to trigger, backfill, pause and clear: docs/airflow.md.",
        schedule=EveryCron(entry.schedules) if entry.schedules else None,
        start_date=datetime(2000, 1, 1, tzinfo=timezone.utc),
        catchup=False,
        max_active_runs=1,
        tags=["ingest", entry.market.lower(), entry.mode],
        params={
            "datasets": Param("", type="string", description="Names with commas; nothing: all that are due."),
            "from": Param(None, type=["null", "string"], pattern=DAY_OR_TIME, description="Begin of a window (UTC)."),
            "to": Param(None, type=["null", "string"], pattern=DAY_OR_TIME, description="Its end; a day is inclusive."),
        },
        default_args={
            "owner": entry.owner,
            "retries": entry.retries,
            "retry_delay": timedelta(seconds=entry.backoff_seconds),
            "retry_exponential_backoff": True,
            "max_retry_delay": LONGEST_PAUSE,
        },
    )
    with dag:
        acts = [
            # What could be archived is validated and loaded also when the rest could not be had.
            CarbonAct(act=act, datasets=entry.datasets, trigger_rule="all_success" if act == "extract" else "all_done")
            for act in ACTS
        ]
        for before, after in zip(acts, acts[1:]):
            before >> after
    return dag


# A process that runs a task needs its own DAG alone.
wanted = get_parsing_context().dag_id
for each in entries_or_last_good()[0]:
    if each.mode != "streaming" and wanted in (None, each.dag_id):
        globals()[each.dag_id] = ingest_dag(each)
