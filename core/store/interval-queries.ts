/** The interval ledger as statements that SQLite and PostgreSQL both take; see `reference-queries.ts` for the form. */

import type { LandedInterval, Landing, LedgerScope, MissingInterval } from '../ports/interval-ledger.ts';
import type { Micros } from '../time/instant.ts';
import type { Interval } from '../time/interval.ts';
import type { SqlRow, SqlValue, SqlWork } from './reference-queries.ts';

const OF_SCOPE = 'tenant_id = $1 and connector = $2 and dataset = $3';
/** Intervals that touch `[$4, $5)`; a reading at an instant touches the window that holds it. */
const IN_WINDOW = 'interval_start < $5 and (interval_end > $4 or interval_start >= $4)';

const scopeOf = ({ tenant, connector, dataset }: LedgerScope): SqlValue[] => [tenant, connector, dataset];

const CONFLICT = `on conflict (tenant_id, connector, dataset, interval_start, interval_end, places) do update set
    revisions = landed_intervals.revisions + 1,
    digest = excluded.digest,
    value_count = excluded.value_count,
    last_known_at = excluded.last_known_at,
    sha256 = excluded.sha256
  where excluded.last_known_at >= landed_intervals.last_known_at and excluded.digest <> landed_intervals.digest`;

/** Rows of one statement: a day of five-minute intervals is a few round trips to a store that is elsewhere. */
const ROWS = 48;

/**
 * Writes what a payload brought, in one transaction; each interval and set of places once. The condition of the update
 * keeps it harmless to repeat.
 */
export function* recordLandings(scope: LedgerScope, landings: readonly Landing[]): SqlWork<void> {
  for (let from = 0; from < landings.length; from += ROWS) {
    const values: SqlValue[] = scopeOf(scope);
    const rows = landings.slice(from, from + ROWS).map((landing) => {
      const { interval, places, digest, knownAt, sha256 } = landing;
      values.push(interval.start, interval.end, places, digest, landing.values, knownAt, sha256);
      const n = values.length - 6;
      return `($1, $2, $3, $${n}, $${n + 1}, $${n + 2}, $${n + 3}, $${n + 4}, $${n + 5}, $${n + 5}, 0, $${n + 6})`;
    });
    yield {
      sql: `insert into landed_intervals (tenant_id, connector, dataset, interval_start, interval_end, places, digest,
          value_count, first_known_at, last_known_at, revisions, sha256)
        values ${rows.join(', ')} ${CONFLICT}`,
      values,
    };
  }
}

/** Intervals that touch a window, in order of start. */
export function* landedIn(scope: LedgerScope, window: Interval): SqlWork<LandedInterval[]> {
  const rows = yield {
    sql: `select interval_start, interval_end, places, digest, value_count, first_known_at, last_known_at, revisions,
        sha256
      from landed_intervals where ${OF_SCOPE} and ${IN_WINDOW}
      order by interval_start, interval_end, places`,
    values: [...scopeOf(scope), window.start, window.end],
  };
  return rows.map((row) => ({
    interval: intervalOf(row),
    places: String(row['places']),
    digest: String(row['digest']),
    values: Number(row['value_count']),
    firstKnownAt: Number(row['first_known_at']),
    lastKnownAt: Number(row['last_known_at']),
    revisions: Number(row['revisions']),
    sha256: String(row['sha256']),
  }));
}

/** Begin of the first interval that landed; null for none. */
export function* firstLanded(scope: LedgerScope): SqlWork<Micros | null> {
  const [row] = yield {
    sql: `select min(interval_start) as first from landed_intervals where ${OF_SCOPE}`,
    values: scopeOf(scope),
  };
  const first = row?.['first'];
  return first === null || first === undefined ? null : Number(first);
}

/** Gaps that were told, in order of start. */
export function* toldGaps(scope: LedgerScope, window: Interval): SqlWork<Interval[]> {
  const rows = yield {
    sql: `select interval_start, interval_end from reported_gaps where ${OF_SCOPE} and ${IN_WINDOW}
      order by interval_start, interval_end`,
    values: [...scopeOf(scope), window.start, window.end],
  };
  return rows.map(intervalOf);
}

/** Makes the told gaps of a window those that are missing now. */
export function* noteGaps(
  scope: LedgerScope,
  window: Interval,
  missing: readonly MissingInterval[],
  now: Micros,
): SqlWork<void> {
  const keyOf = ({ start, end }: Interval): string => `${start}/${end}`;
  const gone = new Map((yield* toldGaps(scope, window)).map((interval) => [keyOf(interval), interval]));
  for (const { interval, dueAt } of missing)
    if (!gone.delete(keyOf(interval)))
      yield {
        sql: `insert into reported_gaps (tenant_id, connector, dataset, interval_start, interval_end, due_at, reported_at)
          values ($1, $2, $3, $4, $5, $6, $7)
          on conflict (tenant_id, connector, dataset, interval_start, interval_end) do nothing`,
        values: [...scopeOf(scope), interval.start, interval.end, dueAt, now],
      };
  for (const { start, end } of gone.values())
    yield {
      sql: `delete from reported_gaps where ${OF_SCOPE} and interval_start = $4 and interval_end = $5`,
      values: [...scopeOf(scope), start, end],
    };
}

const intervalOf = (row: SqlRow): Interval => ({
  start: Number(row['interval_start']),
  end: Number(row['interval_end']),
});
