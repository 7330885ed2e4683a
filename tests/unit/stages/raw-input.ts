/** Raw rows with any tenant, topic, source and list of values, for the tests of the stages. */

import { formatDecimal } from '../../../core/model/decimal.ts';
import { formatUuid } from '../../../core/model/hash128.ts';
import { Names } from '../../../core/model/names.ts';
import { flagNames } from '../../../core/model/quality-flags.ts';
import { RawBatch } from '../../../core/model/raw-batch.ts';
import { Present, type TickBatch } from '../../../core/model/tick-batch.ts';
import type { Plan } from '../../../core/stage/plan.ts';
import { formatInstant, parseInstant } from '../../../core/time/instant.ts';

/** One raw row; what is left out is the plainest there is. Instants are ISO texts or micros. */
export interface RowSpec {
  readonly tenant?: string;
  readonly market?: string;
  readonly source?: string;
  readonly dataset?: string;
  readonly location?: string;
  readonly series?: string;
  readonly start: string | number;
  /** Equal to `start` when left out. */
  readonly end?: string | number;
  readonly known: string | number;
  readonly sequence?: number;
  readonly tradeId?: string;
  readonly cancels?: boolean;
  /** Pairs of field and text; an empty text is a null. */
  readonly values?: readonly (readonly [field: string, value: string, unit?: string])[];
}

export const at = (time: string | number): number => {
  const instant = typeof time === 'number' ? time : parseInstant(time);
  if (instant === null) throw new Error(`not an instant: ${time}`);
  return instant;
};

const utf8 = new TextEncoder();

/** Rows as `decodeRawEvents` hands them to normalization, at offsets from `from` on. */
export function rawRows(
  names: Names,
  rows: readonly RowSpec[],
  from = 0,
  topic = 'ingestion.test.raw.v1',
  partition = 0,
): RawBatch {
  const parts = rows.flatMap((row) => (row.values ?? []).map(([, value]) => utf8.encode(value)));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  const batch = new RawBatch(names, bytes, names.topics.idOf(topic), partition, 1);
  let place = 0;
  rows.forEach((row, k) => {
    const i = batch.addRow();
    batch.tenant[i] = names.tenants.idOf(row.tenant ?? 'default');
    batch.market[i] = names.markets.idOf(row.market ?? 'NYISO');
    batch.source[i] = names.sources.idOf(row.source ?? 'nyiso');
    batch.dataset[i] = names.datasets.idOf(row.dataset ?? 'da_lmp');
    batch.location[i] = names.locations.idOf(row.location ?? '');
    batch.series[i] = names.series.idOf(row.series ?? '');
    batch.trace[i] = names.traces.idOf(`trace-${from + k}`);
    batch.eventStart[i] = at(row.start);
    batch.eventEnd[i] = at(row.end ?? row.start);
    batch.knownAt[i] = at(row.known);
    batch.hasSequence[i] = row.sequence === undefined ? 0 : 1;
    batch.sequence[i] = row.sequence ?? 0;
    batch.tradeId[i] = row.tradeId ?? '';
    batch.cancels[i] = row.cancels === true ? 1 : 0;
    batch.row[i] = k + 1;
    batch.srcOffset[i] = from + k;
    batch.recordFrom[i] = place;
    for (const [field, value, unit] of row.values ?? []) {
      const text = utf8.encode(value);
      bytes.set(text, place);
      batch.addValue(
        names.fields.idOf(field),
        names.units.idOf(unit ?? 'USD/MWh'),
        place,
        place + text.length,
      );
      place += text.length;
    }
    batch.recordTo[i] = place;
  });
  return batch;
}

/** A plan over raw offsets of one topic; `clock` is its reading of the clock. */
export function planOf(
  from: number,
  to: number,
  clock: string | number = 0,
  topic = 'ingestion.test.raw.v1',
): Plan {
  return {
    group: 'test',
    topic,
    partition: 0,
    from,
    to,
    since: { [topic]: from },
    until: { [topic]: to },
    settingsHash: '',
    referenceVersion: 1,
    clock: at(clock),
    codeVersion: 'test',
    fence: 1,
  };
}

/** A tick as one line of text: everything that a reader of silver sees of it. */
export function tickText(ticks: TickBatch, i: number): string {
  const { names } = ticks;
  const number = (bit: number, column: Int32Array): string =>
    (ticks.present[i] & bit) === 0 ? '-' : formatDecimal(column, i);
  return [
    names.tenants.nameOf(ticks.tenant[i]),
    names.sources.nameOf(ticks.source[i]),
    names.datasets.nameOf(ticks.dataset[i]),
    names.instruments.nameOf(ticks.instrument[i]),
    formatInstant(ticks.eventStart[i]),
    formatInstant(ticks.eventEnd[i]),
    `known ${formatInstant(ticks.knownAt[i])}`,
    `price ${number(Present.PRICE, ticks.price)}`,
    `volume ${number(Present.SIZE, ticks.size)}`,
    `bid ${number(Present.BID, ticks.bid)}`,
    `ask ${number(Present.ASK, ticks.ask)}`,
    `sequence ${(ticks.present[i] & Present.SEQUENCE) === 0 ? '-' : ticks.sequence[i]}`,
    `trade ${ticks.tradeId[i] || '-'}`,
    flagNames(ticks.flags[i]).join('+'),
    `offset ${ticks.srcOffset[i]}`,
    formatUuid(ticks.id, i),
  ].join(' | ');
}

export { Names };
