"""Tasks that run the command `carbon` and understand how it ended.

No value is ever part of a shell's text: the command is started with a list of words, and settings and secrets go by the
environment, which is that of the process that runs the task.

    CARBON_COMMAND     [bin/carbon of the checkout]
    DATA_PROC_PROFILE  cluster: `load` only publishes, the services do the rest. Else it works through the pipeline itself.

The Airflow variable `carbon_origins` puts other origins in place of those of the markets, for simulators and mirrors:
{"nyiso": "http://127.0.0.1:8600"}.
"""
from __future__ import annotations

import os
import re
import signal
import subprocess
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from airflow.sdk import BaseOperator, Variable
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from carbon_index import ROOT

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Exit codes that no later try changes: usage, what was read, what is not there, a contract, a setting.
FINAL_EXITS = (2, 3, 4, 5, 8, 78)
# Exit codes that a run earns by what became of its requests.
OUTCOME_EXITS = (0, 3, 4, 7, 8, 78)
VERDICT = re.compile(r"run .*: (success|incomplete|rejected|failed)")
COUNTS = re.compile(r"\s+(\d+) requests: (.*?); (\d+) rows, .*")
ERROR = re.compile(r"error ([A-Z_]+): (.*)")


@dataclass
class Ended:
    """How a command ended, and what it said about it on its way."""

    words: list[str]
    exit: int
    verdict: str | None = None
    error: str | None = None
    message: str = ""
    requests: int = 0
    failed: int = 0
    rows: int = 0

    @property
    def is_whole(self) -> bool:
        """True when the run came to its end, whatever became of its requests; False when it was stopped on its way.

        `load` tells its verdict before it works through the pipeline: a kill after it is one on its way.
        """
        return self.exit == 0 or (self.exit in OUTCOME_EXITS and self.verdict is not None and self.error is None)

    def __str__(self) -> str:
        how = self.message or (f"the run is {self.verdict}" if self.is_whole else "it was stopped on its way")
        return f"carbon {' '.join(self.words[:3])} ended with exit code {self.exit}: {how}"


def origin_words(connector: str) -> list[str]:
    """The options that send a connector to another origin; a server on this machine is asked without pauses."""
    origins = Variable.get("carbon_origins", default={}, deserialize_json=True)
    origin = origins.get(connector) if isinstance(origins, dict) else None
    if not origin:
        return []
    pace = ["--min-interval-ms", "0"] if urlsplit(origin).hostname in LOOPBACK else []
    return ["--origin", origin, *pace]


def pipeline_words() -> list[str]:
    """Services of the cluster profile take what is published further; the embedded profile does it in the command."""
    return ["--no-pipeline"] if os.environ.get("DATA_PROC_PROFILE") == "cluster" else []


class CarbonOperator(BaseOperator):
    """Runs commands of carbon in the checkout, with their lines as the log of the task."""

    ui_color = "#e8f0e4"
    _process: subprocess.Popen[str] | None = None

    def run_carbon(self, words: list[str]) -> Ended:
        """Runs one command to its end, and reads what it says."""
        command = os.environ.get("CARBON_COMMAND") or str(ROOT / "bin" / "carbon")
        self.log.info("carbon %s", " ".join(words))
        # A session of its own, so that on_kill reaches what the command started too.
        self._process = subprocess.Popen(
            [command, *words],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        ended = Ended(words, 0)
        for line in self._process.stdout or ():
            self._hear(ended, line.rstrip("\n"))
        ended.exit = self._process.wait()
        self.log.info("exit code %s", ended.exit)
        return ended

    def _hear(self, ended: Ended, line: str) -> None:
        self.log.info("%s", line)
        if verdict := VERDICT.fullmatch(line):
            ended.verdict = verdict[1]
        elif counts := COUNTS.fullmatch(line):
            ended.requests += int(counts[1])
            ended.rows += int(counts[3])
            ended.failed += sum(int(n) for n in re.findall(r"(\d+) failed", counts[2]))
        elif error := ERROR.fullmatch(line):
            ended.error, ended.message = error[1], f"{error[1]}: {error[2]}"

    def on_kill(self) -> None:
        """Tells the command to stop: it finishes the requests in flight, and what is archived stays."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def failure_of(ended: Ended) -> AirflowException:
    """The failure of a task: one that is tried again, unless no later try could end otherwise."""
    kind = AirflowFailException if ended.exit in FINAL_EXITS else AirflowException
    return kind(str(ended))


def moment(at: Any) -> str:
    """A time as the command reads it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
