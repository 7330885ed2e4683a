#!/usr/bin/env python3
"""What is served held against silver and mended: --name latest_prices --since 2025-10-01T00:00:00Z, as carbon projection rebuild."""
import argparse
import pathlib
import subprocess
import sys

CARBON = pathlib.Path(__file__).resolve().parent.parent / "bin" / "carbon"

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True, help="projection: latest_prices")
    parser.add_argument("--since", help="only instruments of which something became known since then")
    asked, more = parser.parse_known_args()
    since = [] if asked.since is None else ["--since", asked.since]
    sys.exit(subprocess.call([str(CARBON), "projection", "rebuild", asked.name, *since, *more]))
