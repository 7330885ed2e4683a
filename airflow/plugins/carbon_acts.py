"""The three tasks of an ingest DAG: extract, validate, load. Each is one act of `carbon connector run`.

State goes from act to act by the fetch ledger and the archive, under the name of the DAG run, so that every task may be
repeated: a try after a kill finishes what the first began, and lands nothing twice.

What a run asks for:

* a scheduled run, or one started by hand: what was due at the end of its data interval, back to the lookback of each
  dataset or to the beginning of the interval, whichever is earlier. One without an interval: what is due when it begins.
* a run of a backfill: exactly the intervals of the crons that fell into its own.
* one with the parameter `from`: that window.

A scheduled run and a backfill take the datasets whose cron fired within the interval, a run by hand takes all.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from airflow.sdk.exceptions import AirflowException, AirflowFailException

from carbon_command import CarbonOperator, Ended, failure_of, moment, origin_words, pipeline_words
from carbon_index import Dataset
from carbon_schedule import fires_within, last_fire

ACTS = ("extract", "validate", "load")


@dataclass(frozen=True)
class Ask:
    """Datasets of one connector that are asked for one window."""

    connector: str
    datasets: tuple[str, ...]
    window: tuple[str, ...]


class CarbonAct(CarbonOperator):
    """One act of a run, for every connector of the entry."""

    def __init__(self, *, act: str, datasets: tuple[Dataset, ...], **kwargs: Any) -> None:
        super().__init__(task_id=act, **kwargs)
        self.act = act
        self.datasets = datasets

    def execute(self, context: Any) -> dict[str, Any]:
        """Runs the act, connector by connector, and raises at the end when one of them failed.

        `load` fails as well when `extract` did: it is the last task, whose state is that of the run. It is not tried
        again for what the market withheld or what was refused: the ledger has it, and the next run asks again.
        """
        dag_run = context["dag_run"]
        run = f"{dag_run.dag_id}.{dag_run.run_id}"
        asks = asks_of(self.datasets, dag_run, context["params"])
        ended = [self._run(ask, run) for ask in (asks if self.act == "extract" else merged(asks))]
        extracted = None if self.act == "extract" else context["ti"].xcom_pull(task_ids="extract")
        self._judge(ended, extracted)
        rows = sum(each.rows for each in ended)
        return {"run": run, "requests": sum(each.requests for each in ended), "rows": rows}

    def _run(self, ask: Ask, run: str) -> Ended:
        words = ["connector", "run", ask.connector, "--act", self.act, "--run", run]
        words += ["--dataset", ",".join(ask.datasets), *ask.window, *origin_words(ask.connector)]
        return self.run_carbon(words + (pipeline_words() if self.act == "load" else []))

    def _judge(self, ended: list[Ended], extracted: Any) -> None:
        if self.act != "extract" and extracted is not None:
            # A plan that asks for nothing leaves no run behind.
            ended = [each for each in ended if each.error != "NOT_FOUND"]
        stopped = [each for each in ended if not each.is_whole]
        if stopped:
            # One that may end otherwise is tried again, whatever became of the others.
            raise min((failure_of(each) for each in stopped), key=lambda each: isinstance(each, AirflowFailException))
        if self.act == "extract":
            had = [each for each in ended if each.requests > each.failed or each.requests == 0]
            if not had and ended:
                raise AirflowException(f"nothing could be had: {ended[0]}")
            left = [each for each in ended if each.verdict == "incomplete"]
            if left:
                raise AirflowFailException("the time of a run was over; the log says where to go on: parameter from")
        if self.act == "load":
            bad = [each for each in ended if each.exit != 0]
            if bad:
                raise AirflowFailException("; ".join(map(str, bad)))
            if extracted is None:
                raise AirflowFailException("loaded what extract had archived; extract itself failed, see its log")


def asks_of(datasets: tuple[Dataset, ...], dag_run: Any, params: Any) -> list[Ask]:
    """What a run asks for: one window per connector, or in a backfill one per connector and cron."""
    start, end = dag_run.data_interval_start, dag_run.data_interval_end
    kind = str(getattr(dag_run.run_type, "value", dag_run.run_type))
    if start is None or end is None:
        start, end = None, dag_run.run_after
    chosen = datasets
    if kind in ("scheduled", "backfill") and start is not None:
        chosen = tuple(each for each in datasets if each.schedule and fires_within(each.schedule, start, end))
    if names := [name.strip() for name in (params.get("datasets") or "").split(",") if name.strip()]:
        unknown = sorted(set(names) - {each.name for each in datasets})
        if unknown:
            known = ", ".join(each.name for each in datasets)
            raise AirflowFailException(f"no dataset {', '.join(unknown)}; there are {known}")
        chosen = tuple(each for each in datasets if each.name in names)
    if params.get("from"):
        window = ("--from", params["from"], *(("--to", params["to"]) if params.get("to") else ()))
        return _grouped((each, window) for each in chosen)
    if kind == "backfill" and start is not None:
        return _grouped((each, _cron_window(each.schedule, start, end)) for each in chosen)
    since = () if start is None else ("--since", moment(start))
    return _grouped((each, ("--due-at", moment(end), *since)) for each in chosen)


def _cron_window(cron: str | None, start: datetime, end: datetime) -> tuple[str, ...]:
    """From the time of the cron before the interval to its last one within it."""
    if cron is None:
        return ("--from", moment(start), "--to", moment(end))
    return ("--from", moment(last_fire(cron, start)), "--to", moment(last_fire(cron, end)))


def _grouped(pairs: Any) -> list[Ask]:
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for dataset, window in pairs:
        groups.setdefault((dataset.connector, window), []).append(dataset.name)
    return [Ask(connector, tuple(names), window) for (connector, window), names in groups.items()]


def merged(asks: list[Ask]) -> list[Ask]:
    """One ask per connector: later acts work on all that the run has archived, whatever its window was."""
    first: dict[str, Ask] = {}
    for ask in asks:
        known = first.get(ask.connector)
        names = (*known.datasets, *ask.datasets) if known else ask.datasets
        widest = min(known.window, ask.window, key=lambda window: window[1]) if known else ask.window
        first[ask.connector] = Ask(ask.connector, names, widest)
    return list(first.values())
