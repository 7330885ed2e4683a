/**
 * Asks a deployed service whether it works, as whoever uses it would: `smoke.ts URL [--expect VERSION] [--tenant TENANT]`
 * (`make smoke URL=…`). Health and metrics of any service; of projection also the read API, down to one bar or tick of an
 * instrument that it serves.
 *
 * One line for each check. Exit codes: 0 all hold, 1 one does not, 2 called wrongly.
 */

import { parseArgs } from 'node:util';

/** For one request; the read API itself gives up after DATA_PROC_HTTP_TIMEOUT_SECONDS. */
const PATIENCE_MS = 20_000;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Throws with words for people what is not as it should be. */
function hold(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}

function objectOf({ status, type, text }: Answer): Record<string, unknown> {
  hold(type.includes('json'), `${status} ${type || 'without a type'}: no JSON`);
  return JSON.parse(text);
}

const rowsOf = (answer: Answer): Rows => objectOf(answer)['data'] as Rows;

/** Runs all checks and prints them; false when one does not hold. */
async function smoke(
  base: string,
  tenant: string | undefined,
  expected: string | undefined,
): Promise<boolean> {
  let isWell = true;
  const ask = async (path: string): Promise<Answer> => {
    const headers = tenant === undefined ? {} : { 'X-Tenant-Id': tenant };
    const answer = await fetch(base + path, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    const found = { status: answer.status, type: answer.headers.get('content-type') ?? '' };
    return { ...found, text: await answer.text() };
  };
  const check = async <T>(name: string, work: () => Promise<readonly [string, T]>): Promise<T | null> => {
    const from = performance.now();
    const say = (word: string, what: string): void => {
      const ms = Math.round(performance.now() - from);
      process.stdout.write(`${word.padEnd(5)}${name.padEnd(10)}${what} (${ms} ms)\n`);
    };
    try {
      const [what, result] = await work();
      say('ok', what);
      return result;
    } catch (error) {
      const { message, cause } = error as Error;
      say('FAIL', cause instanceof Error ? `${message}: ${cause.message}` : message);
      isWell = false;
      return null;
    }
  };

  const service = await check('live', async () => {
    const answer = await ask('/livez');
    const { service, version } = objectOf(answer);
    hold(answer.status === 200, `answers ${answer.status}`);
    hold(expected === undefined || version === expected, `is version ${version}, and not ${expected}`);
    return [`${service} ${version}`, String(service)];
  });
  // Nobody there: further lines would say the same.
  if (service === null && !isWell) return false;
  await check('ready', async () => {
    const answer = await ask('/readyz');
    const { failed } = objectOf(answer) as { failed?: readonly string[] };
    hold(answer.status === 200, `answers ${answer.status}: ${(failed ?? []).join(', ')}`);
    return ['nothing is missing', null];
  });
  await check('metrics', async () => {
    const { status, text } = await ask('/metrics');
    const samples = text.split('\n').filter((line) => /^[a-z_]+[{ ]/.test(line)).length;
    hold(status === 200 && samples > 0, `answers ${status} with ${samples} values`);
    return [`${samples} values`, null];
  });
  if (service !== 'projection') return isWell;

  await check('openapi', async () => {
    const { openapi, paths } = objectOf(await ask('/openapi.json')) as { openapi?: string; paths?: object };
    hold(openapi !== undefined && paths !== undefined, 'describes nothing');
    return [`${Object.keys(paths ?? {}).length} paths`, null];
  });
  const id = await check('latest', async () => {
    const answer = await ask('/v1/latest?limit=1');
    hold(answer.status === 200, `answers ${answer.status}: ${answer.text.slice(0, 200)}`);
    const [row] = rowsOf(answer);
    hold(row !== undefined, 'serves no value yet');
    return [`${row['instrument_id']} ${row['price']} of ${row['ts']}`, String(row['instrument_id'])];
  });
  if (id !== null)
    await check('ticks', async () => {
      const answer = await ask(`/v1/ticks/${encodeURIComponent(id)}?limit=1`);
      hold(answer.status === 200, `answers ${answer.status}: ${answer.text.slice(0, 200)}`);
      hold(rowsOf(answer).length === 1, `${id} is served, and has no tick`);
      return [`of ${id}`, null];
    });
  return isWell;
}

/** The address without what stands behind the port, or null when it is none. */
function baseOf(text: string | undefined): string | null {
  const url = text === undefined ? null : URL.parse(text);
  return url === null || !/^https?:$/.test(url.protocol) ? null : url.href.replace(/\/$/, '');
}

const { values, positionals } = parseArgs({
  options: { expect: { type: 'string' }, tenant: { type: 'string' } },
  allowPositionals: true,
});
const base = positionals.length === 1 ? baseOf(positionals[0]) : null;
if (base === null) {
  process.stderr.write('usage: smoke.ts http[s]://HOST:PORT [--expect VERSION] [--tenant TENANT]\n');
  process.exitCode = 2;
} else if (!(await smoke(base, values.tenant, values.expect))) process.exitCode = 1;
