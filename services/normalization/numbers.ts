/** Reads numbers of raw rows into the columns of candidates, by the rule of their field. */

import { copyDecimal, mantissaAt, Parsed, parseDecimal } from '../../core/model/decimal.ts';
import type { Names } from '../../core/model/names.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import type { RawBatch } from '../../core/model/raw-batch.ts';
import { Present, type TickBatch } from '../../core/model/tick-batch.ts';
import { notNumeric, pastBounds, type Refusal } from './refusals.ts';
import type { DatasetRule, FieldRule } from './rules.ts';

const TRADE_COLUMNS: Readonly<Record<string, number>> = {
  price: Present.PRICE,
  volume: Present.SIZE,
  bid: Present.BID,
  ask: Present.ASK,
};

/** Numbers of one batch of candidates, whose rows are filled again and again. */
export class Numbers {
  private readonly names: Names;
  private readonly ticks: TickBatch;
  private readonly bits: number[] = [];
  private readonly word = new Int32Array(2);

  constructor(names: Names, ticks: TickBatch) {
    this.names = names;
    this.ticks = ticks;
  }

  /** The number of a trade that a field is; 0 for none. */
  bitOf(field: number): number {
    return (this.bits[field] ??= TRADE_COLUMNS[this.names.fields.nameOf(field)] ?? 0);
  }

  /** Reads value `v` into the column `bit` of candidate `i`, with the flags it earns; a refusal when it has no place there. */
  read(raw: RawBatch, rule: DatasetRule, v: number, i: number, bit: number): Refusal | null {
    const { ticks, word } = this;
    const field = fieldOf(rule, raw.field[v], ticks.instrument[i]);
    const parsed = parseDecimal(raw.bytes, raw.valueFrom[v], raw.valueTo[v], word, 0);
    if (parsed === Parsed.notNumeric || parsed === Parsed.outOfRange)
      return notNumeric(raw, v, field, parsed === Parsed.outOfRange);
    const mantissa = mantissaAt(word, 0);
    let flags = 0;
    if (parsed === Parsed.rounded) flags |= Flag.ROUNDED;
    if (mantissa < field.min || mantissa > field.max) {
      if (mantissa < field.refuseBelow || mantissa > field.refuseAbove) return pastBounds(raw, v, field);
      flags |= Flag.OUT_OF_RANGE;
    }
    if (field.price && mantissa < 0) flags |= Flag.PRICE_NEGATIVE;
    if (mantissa > field.spike) flags |= Flag.VOLUME_SPIKE;
    copyDecimal(word, 0, columnOf(ticks, bit), i);
    ticks.present[i] |= bit;
    ticks.flags[i] |= flags;
    return null;
  }
}

/** The rule of a field that the dataset knows: the instrument's own where it has one. */
function fieldOf(rule: DatasetRule, field: number, instrument: number): FieldRule {
  const fields = rule.instruments === null ? rule.fields : rule.instruments.fieldsOf(instrument);
  return fields[field] as FieldRule;
}

function columnOf(ticks: TickBatch, bit: number): Int32Array {
  if (bit === Present.PRICE) return ticks.price;
  if (bit === Present.SIZE) return ticks.size;
  return bit === Present.BID ? ticks.bid : ticks.ask;
}
