"""The schedule of a DAG whose datasets have crons of their own: it runs whenever one of them fires.

The data intervals of scheduled runs follow each other without a hole, also when runs take longer than the time between
two of them, or nothing ran for a while: the next run begins where the last one ended. A cron that Airflow is given as
text would be a point in time, and `catchup=False` would forget what fired meanwhile; here the run after it answers for
all of it. All times are UTC.
"""
from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.plugins_manager import AirflowPlugin
from airflow.timetables.base import DagRunInfo, DataInterval, TimeRestriction, Timetable
from croniter import croniter
from pendulum import UTC, DateTime, instance

# A DAG that has never run asks for what fell due within this time: daily datasets need not wait for their hour.
FIRST_INTERVAL = timedelta(days=1)


def cron_problem(expression: Any) -> str | None:
    """What is wrong with a cron of five fields, or six with the seconds last; None when it is good."""
    if not isinstance(expression, str) or len(expression.split()) not in (5, 6):
        return "a cron has five fields, or six with the seconds last"
    try:
        next_fire(expression, datetime(2026, 1, 1, tzinfo=UTC))
    except (ValueError, KeyError) as error:
        return str(error)
    return None


def next_fire(expression: str, after: datetime) -> DateTime:
    """The first time of a cron after an instant."""
    return instance(croniter(expression, after).get_next(datetime))


def last_fire(expression: str, by: datetime) -> DateTime:
    """The last time of a cron at or before an instant."""
    # get_prev means strictly before, and crons know no parts of a second.
    return instance(croniter(expression, by.replace(microsecond=0) + timedelta(seconds=1)).get_prev(datetime))


def fires_within(expression: str, start: datetime, end: datetime) -> bool:
    """True when a cron fires after `start` and not after `end`: a run at the end of an interval is due to it."""
    return last_fire(expression, end) > start


class EveryCron(Timetable):
    """Runs at every time of any of several crons; each time once, however many of them fire."""

    def __init__(self, crons: list[str]) -> None:
        self.crons = sorted(set(crons))
        self.description = f"Whenever one of {len(self.crons)} crons fires (UTC)"

    @property
    def summary(self) -> str:
        """What the list of DAGs shows."""
        first = self.crons[0]
        return first if len(self.crons) == 1 else f"{first} and {len(self.crons) - 1} more"

    def serialize(self) -> dict[str, Any]:
        """The crons, for the database."""
        return {"crons": self.crons}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> EveryCron:
        """The schedule of what `serialize` gave."""
        return cls(data["crons"])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EveryCron) and self.crons == other.crons

    def __hash__(self) -> int:
        return hash(tuple(self.crons))

    def next_time(self, after: datetime) -> DateTime:
        """The first time that any of the crons fires after an instant."""
        return min(next_fire(cron, after) for cron in self.crons)

    def last_time(self, by: datetime) -> DateTime:
        """The last time that any of the crons fired at or before an instant."""
        return max(last_fire(cron, by) for cron in self.crons)

    def infer_manual_data_interval(self, *, run_after: DateTime) -> DataInterval:
        """A run that somebody starts for a logical date takes the last interval that was over by then."""
        end = self.last_time(run_after)
        return DataInterval(start=self.last_time(end - timedelta(seconds=1)), end=end)

    def next_dagrun_info(
        self, *, last_automated_data_interval: DataInterval | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        """The next interval: with catch-up (backfills) one for every time, without it one up to the last of them."""
        last = last_automated_data_interval
        if restriction.catchup:
            if last is None and restriction.earliest is None:
                return None
            start = last.end if last is not None else self._at_or_after(restriction.earliest)
            end = self.next_time(start)
        else:
            latest = self.last_time(DateTime.now(UTC))
            start = last.end if last is not None else latest - FIRST_INTERVAL
            if restriction.earliest is not None and start < restriction.earliest:
                start = restriction.earliest
            end = latest if latest > start else self.next_time(start)
        if restriction.latest is not None and start > restriction.latest:
            return None
        return DagRunInfo.interval(start=start, end=end)

    def _at_or_after(self, at: DateTime) -> DateTime:
        return at if self.last_time(at) == at else self.next_time(at)


class CarbonSchedulePlugin(AirflowPlugin):
    """Makes the schedule known to Airflow, which stores it by name."""

    name = "carbon_schedule"
    timetables = [EveryCron]
