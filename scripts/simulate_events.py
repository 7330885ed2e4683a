#!/usr/bin/env python3
"""Made-up trades of a connector's market onto its raw topic: --connector=miso --count=100, and what else carbon connector simulate takes."""
import argparse
import pathlib
import subprocess
import sys

CARBON = pathlib.Path(__file__).resolve().parent.parent / "bin" / "carbon"

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connector", required=True, help="name of the connector: miso, caiso ...")
    parser.add_argument("--count", type=int, default=1000, help="trades in all (1000)")
    asked, more = parser.parse_known_args()
    simulate = ["connector", "simulate", asked.connector, "--trades", "--count", str(asked.count), "--publish"]
    sys.exit(subprocess.call([str(CARBON), *simulate, *more]))
