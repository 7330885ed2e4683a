#!/usr/bin/env python3
"""Pulls a window again for the market of an instrument: --from 2025-03-09 --to 2025-03-10 --instrument NYISO.DA.LMP.N.Y.C., as carbon connector run. What did not change publishes nothing."""
import argparse
import pathlib
import subprocess
import sys

CARBON = pathlib.Path(__file__).resolve().parent.parent / "bin" / "carbon"

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="begin", required=True, help="start: a date (UTC) or a time")
    parser.add_argument("--to", dest="end", required=True, help="end: a date is inclusive, a time exclusive")
    parser.add_argument("--instrument", required=True, help="instrument whose market is asked")
    asked, more = parser.parse_known_args()
    market, dot, _ = asked.instrument.partition(".")
    if not dot:
        parser.error(f"--instrument is {asked.instrument}, which names no market: NYISO.DA.LMP.N.Y.C. does")
    window = ["--from", asked.begin, "--to", asked.end]
    sys.exit(subprocess.call([str(CARBON), "connector", "run", market.lower(), *window, *more]))
