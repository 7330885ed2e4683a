/**
 * Lets a test file, and every process that it starts, begin at another moment: `make test-at AT=2026-11-01T05:30:00Z FILES=…`.
 * Time goes on from there as it does. Loaded with `--import` into each process; only the wall clock is moved, which the
 * product reads in one place and libraries where they like. Timers, `performance` and the times of files stay.
 */

const AT = 'CARBON_TEST_AT';
/** What the processes of one test file share: how far their clock is ahead, in milliseconds. */
const AHEAD = 'CARBON_TEST_AHEAD_MS';

const ahead = aheadMs();
if (ahead !== 0) move(ahead);

/** Zero in the runner itself, whose files begin one after the other. */
function aheadMs(): number {
  const { [AT]: at, [AHEAD]: known, NODE_TEST_CONTEXT: context } = process.env;
  if (known !== undefined) return Number(known);
  if (at === undefined || context === undefined) return 0;
  const found = Date.parse(at) - Date.now();
  if (!Number.isFinite(found)) throw new Error(`${AT} is no time: ${at}`);
  process.env[AHEAD] = String(found);
  return found;
}

function move(milliseconds: number): void {
  const realNow = Date.now.bind(Date);
  const now = (): number => realNow() + milliseconds;
  Date.now = now;
  globalThis.Date = new Proxy(Date, {
    construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
    apply: (target) => new target(now()).toString(),
  });
}
