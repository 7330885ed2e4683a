#!/usr/bin/env python3
"""Writes connectors_index.json: the same as make connectors-index, for those who look for it under this name."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    out = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "connectors_index.json")
    sys.exit(subprocess.call([str(ROOT / "bin" / "carbon"), "connector", "index", "--out", out]))
