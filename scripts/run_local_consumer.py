#!/usr/bin/env python3
"""A sample through the whole pipeline: --topic ingestion.miso.raw.v1 --sample samples/miso_raw.json, as carbon replay."""
import argparse
import pathlib
import re
import subprocess
import sys

CARBON = pathlib.Path(__file__).resolve().parent.parent / "bin" / "carbon"

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--topic", required=True, help="raw topic whose market the sample is of")
    parser.add_argument("--sample", required=True, help="file to take in")
    asked, more = parser.parse_known_args()
    market = re.fullmatch(r"ingestion\.([a-z0-9_-]+)\.raw\.v\d+", asked.topic)
    if market is None:
        parser.error(f"--topic is {asked.topic}, but must be a raw topic such as ingestion.miso.raw.v1")
    sys.exit(subprocess.call([str(CARBON), "replay", asked.sample, "--market", market.group(1), *more]))
