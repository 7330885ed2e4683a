#!/usr/bin/env python3
"""Writes service-manifest.yaml, the index of the services, and the manifest of each: a part of make docs, for those who look for it under this name."""
import argparse
import pathlib
import subprocess
import sys

SCRIPTS = pathlib.Path(__file__).resolve().parent

if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    sys.exit(subprocess.call([str(SCRIPTS / "node"), str(SCRIPTS / "generate-docs.ts"), "service-manifest.yaml"]))
