"""Prints as JSON what the schedule and the tasks of the DAGs decide, for airflow.test.ts. Runs with Airflow's Python and
airflow/plugins on its path."""
import json
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import carbon_schedule
import market_days
from airflow.sdk.exceptions import AirflowFailException
from airflow.timetables.base import TimeRestriction
from carbon_acts import CarbonAct, asks_of, merged
from carbon_command import Ended
from carbon_index import Dataset
from market_days import MarketDays
from pendulum import UTC, DateTime


def at(text: str) -> DateTime:
    return DateTime.fromisoformat(f"2026-03-{text}").replace(tzinfo=UTC)


def moment(value: datetime) -> str:
    return value.strftime("%dT%H:%M:%S")


DATASETS = (
    Dataset("miso", "rt", "*/5 * * * *"),
    Dataset("miso", "da", "30 18 * * *"),
    Dataset("miso-constraints", "binding", "*/5 * * * *"),
    Dataset("miso", "by_hand", None),
)


def asks(kind: str, start: str | None, end: str | None, **params: str) -> list:
    run = SimpleNamespace(
        run_type=SimpleNamespace(value=kind),
        data_interval_start=start and at(start),
        data_interval_end=end and at(end),
        run_after=at("20T12:00:07"),
    )
    try:
        return [[ask.connector, list(ask.datasets), " ".join(ask.window)] for ask in asks_of(DATASETS, run, params)]
    except AirflowFailException as error:
        return [str(error)]


def next_interval(table: carbon_schedule.EveryCron, last: tuple | None, now: str, **restriction) -> list[str] | None:
    class Clock(DateTime):
        @classmethod
        def now(cls, tz=None) -> DateTime:
            return at(now)

    carbon_schedule.DateTime = Clock
    asked = {"earliest": None, "latest": None, "catchup": False, **restriction}
    info = table.next_dagrun_info(
        last_automated_data_interval=last and carbon_schedule.DataInterval(at(last[0]), at(last[1])),
        restriction=TimeRestriction(**asked),
    )
    return info and [moment(info.data_interval.start), moment(info.data_interval.end), moment(info.run_after)]


def verdict(act: str, ended: list[Ended], extracted: object = None) -> str:
    task = CarbonAct(act=act, datasets=DATASETS)
    try:
        task._judge(ended, extracted)
    except AirflowFailException as error:
        return f"fails: {error}"
    except Exception as error:
        return f"is tried again: {error}"
    return "good"


# Variables are Airflow's to give, and there is none here.
market_days.origin_words = lambda connector: ["--origin", f"of {connector}"]


def market_words(fill: bool, end: str) -> str:
    task = MarketDays(task_id="t", market="CAISO", connector="caiso", zone="America/Los_Angeles", fill=fill)
    return " ".join(task.words_of(SimpleNamespace(data_interval_end=at(end), run_after=at(end))))


def ended(exit: int, verdict: str | None = None, error: str | None = None, requests: int = 2, failed: int = 0) -> Ended:
    return Ended(["connector", "run", "miso"], exit, verdict, error, requests=requests, failed=failed)


crons = carbon_schedule.EveryCron(["*/5 * * * *", "30 18 * * *", "2 * * * *"])
seconds = carbon_schedule.EveryCron(["* * * * * */20"])
backfill = {"earliest": at("10T18:25:30"), "latest": at("10T18:35:00"), "catchup": True}
intervals, last = [], None
while (info := next_interval(crons, last, "20T12:00:00", **backfill)) is not None:
    intervals.append(info)
    last = (info[0], info[1])
print(
    json.dumps(
        {
            "schedule": {
                "first": next_interval(crons, None, "20T12:03:10"),
                "after": next_interval(crons, ("20T11:55:00", "20T12:00:00"), "20T12:00:30"),
                "behind": next_interval(crons, ("20T11:55:00", "20T12:00:00"), "20T14:44:59"),
                "on_time": next_interval(crons, ("20T11:55:00", "20T12:00:00"), "20T12:02:00"),
                "seconds": next_interval(seconds, ("20T11:59:40", "20T12:00:00"), "20T12:00:01"),
                "backfill": intervals,
                "stored": carbon_schedule.EveryCron.deserialize(crons.serialize()) == crons,
                "bad": [carbon_schedule.cron_problem(each) is None for each in ("* * * *", "61 * * * *", None, "5 4 * * *")],
            },
            "asks": {
                "scheduled": asks("scheduled", "20T11:55:00", "20T12:00:00"),
                "evening": asks("scheduled", "20T18:25:00", "20T18:30:00"),
                "behind": asks("scheduled", "18T11:00:00", "20T12:00:00"),
                "by_hand": asks("manual", None, None),
                "one_by_hand": asks("manual", "20T11:55:00", "20T12:00:00", datasets="da"),
                "window": asks("manual", None, None, datasets="da,binding", **{"from": "2026-03-01", "to": "2026-03-02"}),
                "unknown": asks("manual", None, None, datasets="dax"),
                "backfill": asks("backfill", "20T18:25:00", "20T18:30:00"),
            },
            "merged": [[ask.connector, list(ask.datasets), " ".join(ask.window)] for ask in merged(asks_of(
                DATASETS,
                SimpleNamespace(run_type="backfill", data_interval_start=at("20T18:25:00"), data_interval_end=at("20T18:30:00")),
                {},
            ))],
            "market_days": {
                "gaps": market_words(False, "20T11:00:00"),
                "fill_before_midnight_there": market_words(True, "20T06:30:00"),
            },
            "verdicts": {
                "extract_good": verdict("extract", [ended(0, "success")]),
                "extract_nothing_due": verdict("extract", [ended(0, "success", requests=0)]),
                "extract_some_failed": verdict("extract", [ended(7, "failed", failed=1)]),
                "extract_all_failed": verdict("extract", [ended(7, "failed", failed=2)]),
                "extract_killed": verdict("extract", [ended(0, "success"), ended(-9)]),
                "extract_no_secret": verdict("extract", [ended(78, None, "SECRET_MISSING")]),
                "extract_two_ways": verdict("extract", [ended(78, None, "SECRET_MISSING"), ended(7, None, "STORE_UNREACHABLE")]),
                "extract_conflict": verdict("extract", [ended(6, None, "PLAN_CONFLICT")]),
                "extract_over": verdict("extract", [ended(0, "incomplete")]),
                "validate_rejected": verdict("validate", [ended(4, "rejected")], {}),
                "load_good": verdict("load", [ended(0, "success")], {}),
                "load_rejected": verdict("load", [ended(4, "rejected")], {}),
                "load_nothing": verdict("load", [ended(5, None, "NOT_FOUND")], {}),
                "load_without_extract": verdict("load", [ended(5, None, "NOT_FOUND")]),
                "load_half": verdict("load", [ended(0, "success")]),
                "load_killed": verdict("load", [ended(137)], {}),
                "load_killed_late": verdict("load", [ended(-9, "success")], {}),
                "load_store_gone": verdict("load", [ended(7, "success", "STORE_UNREACHABLE")], {}),
            },
        }
    )
)
