#!/usr/bin/env python3
"""Makes bars and latest prices of a window anew: --from 2025-09-01 --to 2025-09-07 --instrument NG_HH_BALMO, as carbon backfill create --wait. With --pull the market of an instrument such as NYISO.DA.LMP.N.Y.C. is asked for the window again in place of that, as carbon connector run; what did not change publishes nothing."""
import argparse
import pathlib
import subprocess
import sys

CARBON = pathlib.Path(__file__).resolve().parent.parent / "bin" / "carbon"

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="begin", required=True, help="start: a date (UTC) or a time")
    parser.add_argument("--to", dest="end", required=True, help="end: a date is inclusive, a time exclusive")
    parser.add_argument("--instrument", required=True, help="instrument; without --pull also several with commas")
    parser.add_argument("--pull", action="store_true", help="ask the market of the instrument again")
    asked, more = parser.parse_known_args()
    window = ["--from", asked.begin, "--to", asked.end]
    if asked.pull:
        market, dot, _ = asked.instrument.partition(".")
        if not dot:
            parser.error(f"--instrument is {asked.instrument}, which names no market: NYISO.DA.LMP.N.Y.C. does")
        words = ["connector", "run", market.lower(), *window]
    else:
        words = ["backfill", "create", *window, "--instrument", asked.instrument, "--wait"]
    sys.exit(subprocess.call([str(CARBON), *words, *more]))
