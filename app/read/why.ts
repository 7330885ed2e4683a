/**
 * Why: from a number back to the byte it came from (L4). A bar names its inputs, an input its raw event, the event its
 * payload, line and the rule that resolved its time, the payload the exchange that brought it.
 */

import { windowEnd, windowStart } from '../../core/math/bar-interval.ts';
import { formatDecimal } from '../../core/model/decimal.ts';
import { compareIds, formatUuid } from '../../core/model/hash128.ts';
import { naturalKeyOf } from '../../core/model/identity.ts';
import { Flag, flagNames } from '../../core/model/quality-flags.ts';
import { Present, type TickBatch } from '../../core/model/tick-batch.ts';
import type { Row } from '../../core/ports/warehouse.ts';
import { DAY, formatInstant, type Micros } from '../../core/time/instant.ts';
import type { Stores } from '../stores/open-stores.ts';
import { ALL_TIME, intervalOf, readBars, readBarsAsOf, ticksOf } from './bars.ts';
import { payloadLine, rawEventAt, valuesOfEvent } from './raw-event.ts';
import { microsOf } from './sql-time.ts';

/** One input of a number: a version of a value, and where it came from. */
export interface Input {
  readonly event_id: string;
  readonly ts: string;
  readonly ts_end: string;
  readonly price: string | null;
  readonly volume: string | null;
  readonly known_at: string;
  /** Which version of its value this is, counted from 1 by known time. */
  readonly revision: number;
  readonly versions: number;
  readonly quality_flags: readonly string[];
  readonly raw_event: {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    readonly values: readonly string[] | null;
  };
  readonly time_rule: string | null;
  readonly payload: {
    readonly sha256: string;
    /** Member of the container that holds the row; null where the payload is none. */
    readonly member: string | null;
    readonly row: number;
    readonly line: string | null;
    readonly url: string | null;
    readonly archived_at: string | null;
  };
  readonly trace_id: string;
}

export interface Explanation {
  readonly instrument_id: string;
  /** The bar explained; null when a latest value is. */
  readonly bar: Row | null;
  readonly taxonomy: Row | null;
  readonly inputs: readonly Input[];
}

/** Explains the bar of an interval whose window holds `at` (the newest bar for null), as known at `asOf`. Null: none. */
export async function whyBar(
  stores: Stores,
  instrument: string,
  intervalName: string,
  at: Micros | null,
  asOf: Micros | null,
): Promise<Explanation | null> {
  const { interval, zone } = intervalOf(stores, intervalName);
  const { tenant } = stores.runtime;
  // A day either side is enough to find the zone of the instrument and the window that holds the moment.
  const around = at === null ? ALL_TIME : { from: Math.max(0, at - 2 * DAY), to: at + DAY };
  const filter = { tenant, instrument, interval: intervalName, ...around };
  const rows =
    asOf === null
      ? await readBars(stores.warehouse, filter, false)
      : await readBarsAsOf(stores, filter, asOf);
  const bar = rows.findLast(
    (row) => at === null || (microsOf(row['interval_start']) <= at && at < microsOf(row['interval_end'])),
  );
  if (bar === undefined) return null;
  const start = microsOf(bar['interval_start']);
  const ticks = await ticksOf(stores, tenant, instrument, start, microsOf(bar['interval_end']));
  const rowsIn = Array.from({ length: ticks.length }, (_, i) => i).filter((i) => {
    const own = windowStart(interval, zone(ticks, i), ticks.eventStart[i]);
    return own === start && windowEnd(interval, zone(ticks, i), own) === microsOf(bar['interval_end']);
  });
  const known = asOf ?? microsOf(bar['known_at']);
  return {
    instrument_id: instrument,
    bar,
    taxonomy: await taxonomyOf(stores, instrument),
    inputs: await inputsOf(stores, ticks, rowsIn, known),
  };
}

/** Explains the latest value of an instrument. Null when it has none. */
export async function whyLatest(stores: Stores, instrument: string): Promise<Explanation | null> {
  const { tenant } = stores.runtime;
  const [served] = await stores.warehouse.queryRows(
    `SELECT toString(toUnixTimestamp64Micro(ts)) AS ts, toString(event_id) AS event_id FROM served_latest_prices
WHERE tenant_id = {tenant:String} AND instrument_id = {instrument:String}`,
    { tenant, instrument },
  );
  if (served === undefined) return null;
  const ts = Number(served['ts']);
  const ticks = await ticksOf(stores, tenant, instrument, ts, ts + 1);
  const rows = Array.from({ length: ticks.length }, (_, i) => i);
  const inputs = await inputsOf(stores, ticks, rows, Infinity);
  return {
    instrument_id: instrument,
    bar: null,
    taxonomy: await taxonomyOf(stores, instrument),
    inputs: inputs.filter((input) => input.event_id === served['event_id']),
  };
}

/** The versions that count as known at a moment, in order of event time. */
async function inputsOf(
  stores: Stores,
  ticks: TickBatch,
  rows: readonly number[],
  asOf: Micros,
): Promise<Input[]> {
  const versions = new Map<string, number[]>();
  const key = new Uint32Array(4);
  for (const i of rows) {
    if (ticks.knownAt[i] > asOf) continue;
    naturalKeyOf(ticks, i, key, 0);
    const list = versions.get(key.join()) ?? [];
    if (!list.some((j) => compareIds(ticks.id, i, ticks.id, j) === 0)) list.push(i);
    versions.set(key.join(), list);
  }
  const inputs: Input[] = [];
  for (const list of versions.values()) {
    list.sort((a, b) => ticks.knownAt[a] - ticks.knownAt[b] || compareIds(ticks.id, a, ticks.id, b));
    const current = list[list.length - 1];
    if ((ticks.flags[current] & Flag.CANCELLED) === 0)
      inputs.push(await inputOf(stores, ticks, current, list.length));
  }
  return inputs.sort((a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0));
}

async function inputOf(stores: Stores, ticks: TickBatch, i: number, versions: number): Promise<Input> {
  const { names } = stores;
  const topic = names.topics.nameOf(ticks.srcTopic[i]);
  const { log, registry } = stores;
  const event = await rawEventAt(log, registry, names, topic, ticks.srcPartition[i], ticks.srcOffset[i]);
  const member = event?.member ?? null;
  const sha256 = names.archives.nameOf(ticks.archive[i]);
  const exchange = sha256 === '' ? null : await stores.archive.exchangeOf(sha256).catch(() => null);
  return {
    event_id: formatUuid(ticks.id, i),
    ts: formatInstant(ticks.eventStart[i]),
    ts_end: formatInstant(ticks.eventEnd[i]),
    price: (ticks.present[i] & Present.PRICE) === 0 ? null : formatDecimal(ticks.price, i),
    volume: (ticks.present[i] & Present.SIZE) === 0 ? null : formatDecimal(ticks.size, i),
    known_at: formatInstant(ticks.knownAt[i]),
    revision: versions,
    versions,
    quality_flags: flagNames(ticks.flags[i]),
    raw_event: {
      topic,
      partition: ticks.srcPartition[i],
      offset: ticks.srcOffset[i],
      values: event === null ? null : valuesOfEvent(event),
    },
    time_rule: event === null ? null : event.batch.names.rules.nameOf(event.batch.rule[event.index]),
    payload: {
      sha256,
      member,
      row: ticks.row[i],
      line: sha256 === '' ? null : await payloadLine(stores.archive, sha256, member, ticks.row[i]),
      url: exchange?.url ?? null,
      archived_at: exchange === null ? null : formatInstant(exchange.archivedAt),
    },
    trace_id: names.traces.nameOf(ticks.trace[i]),
  };
}

async function taxonomyOf(stores: Stores, instrument: string): Promise<Row | null> {
  const [row] = await stores.warehouse.queryRows(
    `SELECT commodity, region, product_tier, tags, confidence FROM taxonomy FINAL
WHERE tenant_id = {tenant:String} AND instrument_id = {instrument:String}`,
    { tenant: stores.runtime.tenant, instrument },
  );
  return row ?? null;
}
