"""connectors_index.json as `carbon connector index` writes it, checked, with the last good copy for when it is broken.

    CARBON_CONNECTORS_INDEX        the file   [connectors_index.json of the checkout]
    CARBON_CONNECTORS_INDEX_COPY   where the last good one is kept   [connectors_index.last_good.json in AIRFLOW_HOME]

Reads files and the environment, and asks nobody: it is called whenever Airflow looks at the DAGs.
"""
from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from carbon_schedule import cron_problem

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


class IndexBroken(Exception):
    """The index cannot be read or is none; the message says which file, what, and what to do."""


@dataclass(frozen=True)
class Dataset:
    """One dataset of an entry; `schedule` is a cron in UTC, or None where it is only run by hand."""

    connector: str
    name: str
    schedule: str | None


@dataclass(frozen=True)
class Entry:
    """The datasets of one market and mode that are enabled: one DAG."""

    market: str
    mode: str
    connectors: tuple[str, ...]
    datasets: tuple[Dataset, ...]
    output_topic: str
    owner: str
    retries: int
    backoff_seconds: int

    @property
    def dag_id(self) -> str:
        """`ingest_nyiso_batch`"""
        return f"ingest_{self.market.lower()}_{self.mode}"

    @property
    def schedules(self) -> list[str]:
        """Crons of its datasets, each once, sorted."""
        return sorted({each.schedule for each in self.datasets if each.schedule is not None})


def index_path() -> Path:
    """Where the index is expected."""
    return Path(os.environ.get("CARBON_CONNECTORS_INDEX") or ROOT / "connectors_index.json")


def copy_path() -> Path:
    """Where the last good index is kept."""
    home = Path(os.environ.get("AIRFLOW_HOME") or Path.home() / "airflow")
    return Path(os.environ.get("CARBON_CONNECTORS_INDEX_COPY") or home / "connectors_index.last_good.json")


def read_index(path: Path) -> tuple[list[Entry], str]:
    """The entries of an index, in its order, and its text. Raises IndexBroken."""
    try:
        text = path.read_text("utf-8")
        index = json.loads(text)
        if _field(index, "version", int) != 1:
            raise ValueError(f"version is {index['version']}, and these DAGs read version 1")
        entries = [_entry_of(raw) for raw in _field(index, "entries", list)]
    except (OSError, ValueError) as error:
        raise IndexBroken(f"{path}: {error}; write it anew: make connectors-index") from error
    ids = [entry.dag_id for entry in entries]
    twice = next((each for each in ids if ids.count(each) > 1), None)
    if twice is not None:
        raise IndexBroken(f"{path}: two entries would be the DAG {twice}; write it anew: make connectors-index")
    return entries, text


def entries_or_last_good() -> tuple[list[Entry], IndexBroken | None]:
    """The entries, and what is wrong with the index when they are those of the last good copy. Raises IndexBroken
    when there is no copy either."""
    path, copy = index_path(), copy_path()
    try:
        entries, text = read_index(path)
    except IndexBroken as broken:
        if not copy.exists():
            raise
        return read_index(copy)[0], broken
    _keep(text, copy)
    return entries, None


def _keep(text: str, copy: Path) -> None:
    """Several processes look at the DAGs at once: the copy is replaced as a whole, or not at all."""
    try:
        if copy.exists() and copy.read_text("utf-8") == text:
            return
        fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
        fresh.write_text(text, "utf-8")
        fresh.replace(copy)
    except OSError:
        # A folder that cannot be written to costs the copy, and not the DAGs.
        pass


def _entry_of(raw: Any) -> Entry:
    connectors = tuple(_name(each, "name") for each in _field(raw, "connectors", list))
    owners = sorted({_field(each, "owner", str) for each in raw["connectors"]})
    entry = Entry(
        market=_field(raw, "market", str),
        mode=_name(raw, "mode"),
        connectors=connectors,
        datasets=tuple(_dataset_of(each) for each in _field(raw, "datasets", list)),
        output_topic=_field(raw, "output_topic", str),
        owner=", ".join(owners),
        retries=_field(raw, "retries", int),
        backoff_seconds=_field(raw, "backoff_seconds", int),
    )
    if not NAME.fullmatch(entry.market.lower()):
        raise ValueError(f"market {entry.market!r} is no name")
    stray = next((each for each in entry.datasets if each.connector not in connectors), None)
    if stray is not None:
        raise ValueError(f"dataset {stray.name} is of {stray.connector}, which {entry.dag_id} does not have")
    return entry


def _dataset_of(raw: Any) -> Dataset:
    schedule = raw.get("schedule")
    problem = None if schedule is None else cron_problem(schedule)
    if problem is not None:
        raise ValueError(f"schedule {schedule!r} of {raw.get('dataset')}: {problem}")
    return Dataset(_name(raw, "connector"), _name(raw, "dataset"), schedule)


def _field(raw: Any, key: str, kind: type) -> Any:
    value = raw.get(key) if isinstance(raw, dict) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"{key} is {value!r}, where {kind.__name__} is expected")
    return value


def _name(raw: Any, key: str) -> str:
    value = _field(raw, key, str)
    if not NAME.fullmatch(value):
        raise ValueError(f"{key} {value!r} is no name")
    return value
