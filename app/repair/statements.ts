/** What a dataset says, statement by statement: one row of a source for one place and time, whoever decoded it. */

import type { RawRow } from '../../core/model/raw-row.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import type { SchemaRegistry } from '../../core/ports/schema-registry.ts';
import { type Micros, parseInstant } from '../../core/time/instant.ts';
import { contains, type Interval } from '../../core/time/interval.ts';
import { PartitionCursor, RecordDecoder } from '../read/log-records.ts';

/** One statement, and where it comes from. */
export interface Statement {
  readonly row: RawRow;
  readonly knownAt: Micros;
  /** Archived payload; null for a stream. */
  readonly sha256: string | null;
}

/** The natural key of a row within its dataset: what it is about, without what it says. */
export function statementKey({ location, series, intervalStart, sequence, tradeId }: RawRow): string {
  return JSON.stringify([location, series, intervalStart, sequence, tradeId]);
}

/** What a row says: its end, and its numbers by field. Two rows that say the same have the same text. */
export function statementText({ intervalEnd, values, cancels }: RawRow): string {
  const numbers = values
    .map(({ field, value, unit }) => [field, value, unit])
    .sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1));
  return JSON.stringify([intervalEnd, numbers, cancels]);
}

/** Keeps the statement of each key that was known last; of equals, the one that came last. */
export class Statements {
  readonly latest = new Map<string, Statement>();

  /** Takes a statement in. */
  add(statement: Statement): void {
    const key = statementKey(statement.row);
    const known = this.latest.get(key);
    if (known === undefined || statement.knownAt >= known.knownAt) this.latest.set(key, statement);
  }
}

/** The statements of a dataset about a window that its raw topic holds. Reads the topic from its begin. */
export async function publishedStatements(
  stores: { readonly log: EventLog; readonly registry: SchemaRegistry },
  tenant: string,
  topic: string,
  partitions: number,
  dataset: string,
  window: Interval,
): Promise<Statements> {
  const decoder = new RecordDecoder(stores.registry);
  const found = new Statements();
  for (let partition = 0; partition < partitions; partition++) {
    const { earliest } = await stores.log.bounds(topic, partition);
    const cursor = new PartitionCursor(partition, earliest);
    for (;;) {
      const next = await cursor.peek(stores.log, topic, decoder);
      if (next === null) break;
      cursor.take();
      const statement = statementOf(next.record.value, tenant, dataset);
      if (statement !== null && contains(window, statement.row.intervalStart)) found.add(statement);
    }
  }
  return found;
}

type Fields = Readonly<Record<string, unknown>>;

/** The statement of a decoded raw event; null for another dataset or tenant, or for a form without a payload. */
function statementOf(value: unknown, tenant: string, dataset: string): Statement | null {
  const event = value as Fields | null;
  const payload = event?.['payload'] as Fields | undefined;
  if (payload === undefined || event?.['tenant_id'] !== tenant || payload['dataset'] !== dataset) return null;
  const text = (name: string): string | null =>
    payload[name] === null || payload[name] === undefined ? null : String(payload[name]);
  const time = (name: string): Micros => parseInstant(text(name) ?? '') ?? Number.NaN;
  const sequence = text('sequence');
  const published = text('published_at');
  return {
    knownAt: parseInstant(String(event?.['occurred_at'])) ?? 0,
    sha256: text('archive_sha256'),
    row: {
      market: text('market') ?? '',
      dataset,
      location: text('location'),
      series: text('series'),
      sourceTime: text('source_time') ?? '',
      intervalStart: time('interval_start'),
      intervalEnd: time('interval_end'),
      timeRule: text('time_rule') ?? '',
      values: (payload['values'] as { field: string; value: string | null; unit: string }[]).map(
        ({ field, value: number, unit }) => ({ field, value: number, unit }),
      ),
      sequence: sequence === null ? null : Number(sequence),
      tradeId: text('trade_id'),
      cancels: payload['cancels'] === true,
      publishedAt: published === null ? null : parseInstant(published),
      row: Number(payload['archive_row'] ?? 0),
    },
  };
}
