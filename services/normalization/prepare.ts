/**
 * From raw rows to candidate ticks: which instrument, which number, which event id. What cannot become a tick is
 * rejected with code and position; nothing here looks at what was known before.
 */

import type { ErrorCode } from '../../core/errors.ts';
import type { DeadLetter } from '../../core/model/dead-letter.ts';
import { copyDecimal, mantissaAt, Parsed, parseDecimal } from '../../core/model/decimal.ts';
import { naturalKeyOf, seriesInstrumentId, setEventId, valuesOf } from '../../core/model/identity.ts';
import type { Names } from '../../core/model/names.ts';
import { PairIds } from '../../core/model/pair-ids.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import type { RawBatch } from '../../core/model/raw-batch.ts';
import { Present, TickBatch } from '../../core/model/tick-batch.ts';
import type { DropReason } from '../../core/stage/conservation.ts';
import { countDrop } from '../../core/stage/conservation.ts';
import { formatInstant, instantFromCivil } from '../../core/time/instant.ts';
import type { DatasetRule, FieldRule, RuleTable } from './rules.ts';

/** Candidates of one raw batch, with the hashes by which they are judged. */
export interface Prepared {
  readonly input: RawBatch;
  readonly ticks: TickBatch;
  /** Natural key and values of each tick, four words each. */
  readonly keys: Uint32Array;
  readonly values: Uint32Array;
  readonly rejected: DeadLetter[];
  readonly dropped: Partial<Record<DropReason, number>>;
  /** Withdrawals of trades that carry no value at all: each counts as one value in. */
  readonly bareCancels: number;
}

/** Event times from here on are refused: no question to the store reaches them. */
const LATEST = instantFromCivil(2100, 1, 1);

const TRADE_COLUMNS: Readonly<Record<string, number>> = {
  price: Present.PRICE,
  volume: Present.SIZE,
  bid: Present.BID,
  ask: Present.ASK,
};

/** Prepares batches of one process; remembers which instrument each (market, dataset, location, series, field) is. */
export class Preparer {
  private readonly rules: RuleTable;
  private readonly names: Names;
  private readonly datasets = new PairIds();
  private readonly places = new PairIds();
  private readonly rows = new PairIds();
  private readonly cells = new PairIds();
  private readonly instruments: number[] = [];
  private readonly word = new Int32Array(2);

  constructor(rules: RuleTable, names: Names) {
    this.rules = rules;
    this.names = names;
  }

  /** Turns every value of the batch into a candidate, a rejection or a counted drop. */
  prepare(raw: RawBatch): Prepared {
    const ticks = new TickBatch(this.names, raw.valueCount);
    const rejected: DeadLetter[] = [];
    const dropped: Partial<Record<DropReason, number>> = {};
    let bareCancels = 0;
    for (let r = 0; r < raw.length; r++) {
      const rule = this.rules.of(raw.market[r], raw.dataset[r]);
      const refusal = rule === null ? noRule(raw, r) : this.checkTime(raw, r, rule);
      if (rule === null || refusal !== null)
        rejected.push(letter(raw, r, refusal, raw.firstValue[r + 1] - raw.firstValue[r]));
      else if (raw.firstValue[r] === raw.firstValue[r + 1] && raw.cancels[r] === 1) {
        if (rule.trade) {
          this.addTick(raw, r, rule, null, ticks);
          bareCancels++;
        } else rejected.push(letter(raw, r, NO_FIELD_WITHDRAWN, 0));
      } else if (rule.trade) this.addTrade(raw, r, rule, ticks, rejected, dropped);
      else this.addSeries(raw, r, rule, ticks, rejected, dropped);
    }
    const keys = new Uint32Array(4 * ticks.length);
    const values = new Uint32Array(4 * ticks.length);
    for (let i = 0; i < ticks.length; i++) {
      naturalKeyOf(ticks, i, keys, i);
      valuesOf(ticks, i, (ticks.flags[i] & Flag.CANCELLED) !== 0, values, i);
      setEventId(ticks, i, keys, values, i);
    }
    return { input: raw, ticks, keys, values, rejected, dropped, bareCancels };
  }

  private checkTime(raw: RawBatch, r: number, rule: DatasetRule): Refusal | null {
    const start = raw.eventStart[r];
    const end = raw.eventEnd[r];
    const latest = Math.min(raw.knownAt[r] + rule.horizon, LATEST - 1);
    const inRange = start >= this.rules.earliest && start <= latest;
    if (inRange && end >= start && end <= LATEST) return null;
    if (inRange)
      return {
        code: 'TIME_OUT_OF_RANGE',
        message: `the interval ends at ${formatInstant(end)}, which is not between its start and ${formatInstant(LATEST)}`,
        field: 'interval_end',
        expected: `${formatInstant(start)} to ${formatInstant(LATEST)}`,
        got: formatInstant(end),
      };
    return {
      code: 'TIME_OUT_OF_RANGE',
      message: `event time ${formatInstant(start)} is outside what the dataset allows`,
      field: 'interval_start',
      expected: `${formatInstant(this.rules.earliest)} to ${formatInstant(latest)}`,
      got: formatInstant(start),
    };
  }

  private addSeries(
    raw: RawBatch,
    r: number,
    rule: DatasetRule,
    ticks: TickBatch,
    rejected: DeadLetter[],
    dropped: Prepared['dropped'],
  ): void {
    for (let v = raw.firstValue[r]; v < raw.firstValue[r + 1]; v++) {
      if (raw.valueFrom[v] === raw.valueTo[v] && raw.cancels[r] === 0) {
        countDrop(dropped, 'NULL_VALUE', 1);
        continue;
      }
      const field = rule.fields[raw.field[v]];
      if (field === undefined) {
        rejected.push(letter(raw, r, unknownField(raw, v), 1));
        continue;
      }
      const i = this.addTick(raw, r, rule, v, ticks);
      const refusal = raw.cancels[r] === 1 ? null : this.readNumber(raw, v, field, ticks, i, Present.PRICE);
      if (refusal !== null) {
        ticks.length--;
        rejected.push(letter(raw, r, refusal, 1));
      }
    }
  }

  private addTrade(
    raw: RawBatch,
    r: number,
    rule: DatasetRule,
    ticks: TickBatch,
    rejected: DeadLetter[],
    dropped: Prepared['dropped'],
  ): void {
    const first = raw.firstValue[r];
    const end = raw.firstValue[r + 1];
    if (first === end) return;
    const i = this.addTick(raw, r, rule, this.priceOf(raw, first, end), ticks);
    let nulls = 0;
    for (let v = first; v < end; v++) {
      if (raw.valueFrom[v] === raw.valueTo[v]) {
        nulls++;
        continue;
      }
      const field = rule.fields[raw.field[v]];
      const bit = TRADE_COLUMNS[this.names.fields.nameOf(raw.field[v])];
      const refusal =
        field === undefined || bit === undefined
          ? unknownField(raw, v)
          : (ticks.present[i] & bit) !== 0
            ? fieldTwice(raw, v)
            : this.readNumber(raw, v, field, ticks, i, bit);
      if (refusal === null) continue;
      ticks.length--;
      rejected.push(letter(raw, r, refusal, end - first));
      return;
    }
    const cancels = raw.cancels[r] === 1;
    // A tick without any number would say nothing; a cancel says what it has to say without one.
    if (nulls === end - first && !cancels) ticks.length--;
    // The balance counts a row of nulls that stays as one value.
    countDrop(dropped, 'NULL_VALUE', nulls === end - first && cancels ? nulls - 1 : nulls);
  }

  /** The value of a trade that names its unit: the price, wherever it stands in the row. */
  private priceOf(raw: RawBatch, first: number, end: number): number {
    for (let v = first; v < end; v++)
      if (TRADE_COLUMNS[this.names.fields.nameOf(raw.field[v])] === Present.PRICE) return v;
    return first;
  }

  private addTick(raw: RawBatch, r: number, rule: DatasetRule, v: number | null, ticks: TickBatch): number {
    const i = ticks.reserve();
    ticks.tenant[i] = raw.tenant[r];
    ticks.instrument[i] = this.instrumentOf(raw, r, v, rule);
    ticks.source[i] = raw.source[r];
    ticks.dataset[i] = raw.dataset[r];
    ticks.trace[i] = raw.trace[r];
    ticks.eventStart[i] = raw.eventStart[r];
    ticks.eventEnd[i] = raw.eventEnd[r];
    ticks.knownAt[i] = raw.knownAt[r];
    ticks.present[i] = raw.hasSequence[r] === 1 ? Present.SEQUENCE : 0;
    ticks.sequence[i] = raw.sequence[r];
    ticks.tradeId[i] = raw.tradeId[r];
    ticks.srcTopic[i] = raw.srcTopic;
    ticks.srcPartition[i] = raw.srcPartition;
    ticks.srcOffset[i] = raw.srcOffset[r];
    ticks.archive[i] = raw.archive[r];
    ticks.row[i] = raw.row[r];
    let flags = raw.cancels[r] === 1 ? Flag.CANCELLED : 0;
    if (raw.knownAt[r] > raw.eventEnd[r] + rule.lateness) flags |= Flag.LATE_ARRIVAL;
    ticks.flags[i] = flags;
    return i;
  }

  private readNumber(
    raw: RawBatch,
    v: number,
    field: FieldRule,
    ticks: TickBatch,
    i: number,
    bit: number,
  ): Refusal | null {
    const word = this.word;
    const from = raw.valueFrom[v];
    const to = raw.valueTo[v];
    const parsed = parseDecimal(raw.bytes, from, to, word, 0);
    if (parsed === Parsed.notNumeric || parsed === Parsed.outOfRange)
      return {
        code: parsed === Parsed.notNumeric ? 'VALUE_NOT_NUMERIC' : 'VALUE_OUT_OF_RANGE',
        message: `the value of ${field.name} is not a number that Decimal(18, 8) holds`,
        field: field.name,
        expected: 'a decimal of at most 10 digits before the point',
        got: text(raw.bytes, from, to),
      };
    copyDecimal(word, 0, columnOf(ticks, bit), i);
    ticks.present[i] |= bit;
    const mantissa = mantissaAt(word, 0);
    let flags = 0;
    if (parsed === Parsed.rounded) flags |= Flag.ROUNDED;
    if (mantissa < field.min || mantissa > field.max) flags |= Flag.OUT_OF_RANGE;
    if (field.price && mantissa < 0) flags |= Flag.PRICE_NEGATIVE;
    ticks.flags[i] |= flags;
    return null;
  }

  private instrumentOf(raw: RawBatch, r: number, v: number | null, rule: DatasetRule): number {
    const place = this.places.idOf(this.datasets.idOf(raw.market[r], raw.dataset[r]), raw.location[r]);
    const cell = this.cells.idOf(
      this.rows.idOf(place, raw.series[r]),
      rule.trade || v === null ? 0 : raw.field[v],
    );
    const known = this.instruments[cell];
    if (known !== undefined) return known;
    const names = this.names;
    const parts = {
      market: names.markets.nameOf(raw.market[r]),
      product: rule.product,
      location: names.locations.nameOf(raw.location[r]),
      field: rule.trade || v === null ? 'price' : names.fields.nameOf(raw.field[v]),
      unit: v === null ? '' : names.units.nameOf(raw.unit[v]),
    };
    const series = names.series.nameOf(raw.series[r]);
    const id =
      rule.trade && series !== ''
        ? series
        : seriesInstrumentId(parts.market, parts.product, parts.field, parts.location, series);
    const instrument = names.instruments.idOf(id, parts);
    this.instruments[cell] = instrument;
    return instrument;
  }
}

function columnOf(ticks: TickBatch, bit: number): Int32Array {
  if (bit === Present.PRICE) return ticks.price;
  if (bit === Present.SIZE) return ticks.size;
  return bit === Present.BID ? ticks.bid : ticks.ask;
}

interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly field: string;
  readonly expected: string | null;
  readonly got: string;
}

function noRule(raw: RawBatch, r: number): Refusal {
  const got = `${raw.names.markets.nameOf(raw.market[r])}/${raw.names.datasets.nameOf(raw.dataset[r])}`;
  return {
    code: 'DATASET_UNKNOWN',
    message: `no rule for ${got}`,
    field: 'dataset',
    expected: 'a dataset of the rules file',
    got,
  };
}

function unknownField(raw: RawBatch, v: number): Refusal {
  const got = raw.names.fields.nameOf(raw.field[v]);
  return {
    code: 'FIELD_UNKNOWN',
    message: `no rule for the field ${got}`,
    field: got,
    expected: "a field of the dataset's rule",
    got,
  };
}

const NO_FIELD_WITHDRAWN: Refusal = {
  code: 'EVENT_UNDECODABLE',
  message: 'a withdrawal that names no field',
  field: 'values',
  expected: 'the fields that are withdrawn',
  got: 'no values',
};

function fieldTwice(raw: RawBatch, v: number): Refusal {
  const got = raw.names.fields.nameOf(raw.field[v]);
  return {
    code: 'EVENT_UNDECODABLE',
    message: `the field ${got} stands twice in one trade`,
    field: got,
    expected: 'each field once',
    got,
  };
}

function letter(raw: RawBatch, r: number, refusal: Refusal | null, values: number): DeadLetter {
  const names = raw.names;
  return {
    tenant: names.tenants.nameOf(raw.tenant[r]),
    traceId: names.traces.nameOf(raw.trace[r]),
    knownAt: raw.knownAt[r],
    stage: 'normalization',
    code: refusal?.code ?? 'EVENT_UNDECODABLE',
    message: refusal?.message ?? '',
    sourceTopic: names.topics.nameOf(raw.srcTopic),
    sourcePartition: raw.srcPartition,
    sourceOffset: raw.srcOffset[r],
    field: refusal?.field ?? null,
    expected: refusal?.expected ?? null,
    got: refusal?.got ?? null,
    raw: raw.bytes.slice(raw.recordFrom[r], raw.recordTo[r]),
    values,
  };
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder().decode(bytes.subarray(from, Math.min(to, from + 200)));
}
