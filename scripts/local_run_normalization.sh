#!/bin/sh
# Normalization alone on this machine, until Ctrl-C; --check asks one that runs whether it is ready. For sh, and for
# python, which reads what stands between the quotes as a text.
''':'
root=$(cd "$(dirname "$0")/.." && pwd)
[ "${1:-}" = --check ] || exec "$root/bin/carbon" run normalization "$@"
exec "$root/scripts/node" -e '
const port = process.env.DATA_PROC_NORMALIZATION_PORT ?? 8510;
const url = `http://127.0.0.1:${port}/readyz`;
try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
  console.log(await answer.text());
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.error(`nothing answers at ${url}: ${error.cause?.code ?? error.message}`);
  console.error("what to do: start it with scripts/local_run_normalization.sh, or name its port in DATA_PROC_NORMALIZATION_PORT");
  process.exitCode = 7;
}'
'''
import subprocess
import sys

sys.exit(subprocess.call(["sh", __file__, *sys.argv[1:]]))
