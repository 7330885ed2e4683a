/**
 * From raw rows to candidate ticks: which instrument, which number, which event id. What cannot become a tick is
 * rejected with code and position; nothing here looks at what was known before.
 */

import { mantissaAt } from '../../core/model/decimal.ts';
import { naturalKeyOf, setEventId, valuesOf } from '../../core/model/identity.ts';
import type { Names } from '../../core/model/names.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import type { RawBatch } from '../../core/model/raw-batch.ts';
import { Present, TickBatch } from '../../core/model/tick-batch.ts';
import { instantFromCivil } from '../../core/time/instant.ts';
import { Findings } from './findings.ts';
import { InstrumentCells } from './instrument-cells.ts';
import { Numbers } from './numbers.ts';
import { dropNulls, type Prepared, refuse, type Work } from './prepared.ts';
import {
  badInterval,
  fieldTwice,
  NO_FIELD_WITHDRAWN,
  noRule,
  outsideTime,
  type Refusal,
  unknownField,
  valueMissing,
} from './refusals.ts';
import { type DatasetRule, instrumentIdOf, type RuleTable } from './rules.ts';
import { Counted, Tally } from './tally.ts';

/** Event times from here on are refused: no question to the store reaches them. */
const LATEST = instantFromCivil(2100, 1, 1);

/** Prepares batches of one process; remembers which instrument each (market, dataset, location, series, field) is. */
export class Preparer {
  private readonly rules: RuleTable;
  private readonly names: Names;
  private readonly cells = new InstrumentCells();
  private readonly numbers: Numbers;
  /** Candidates of the batch at hand, their groups and hashes; their memory is used again for the next one. */
  private readonly candidates: TickBatch;
  private groups = new Uint32Array(0);
  private keys = new Uint32Array(0);
  private values = new Uint32Array(0);

  constructor(rules: RuleTable, names: Names) {
    this.rules = rules;
    this.names = names;
    this.candidates = new TickBatch(names);
    this.numbers = new Numbers(names, this.candidates);
  }

  /** Turns every value of the batch into a candidate, a rejection or a counted drop. Candidates stand until the next call. */
  prepare(raw: RawBatch): Prepared {
    this.candidates.clear();
    const most = raw.valueCount + raw.length;
    if (this.groups.length < most) this.groups = new Uint32Array(Math.max(most, 2 * this.groups.length));
    const out: Work = {
      input: raw,
      ticks: this.candidates,
      groupOf: this.groups,
      rejected: [],
      dropped: {},
      bareCancels: 0,
      tally: new Tally(),
      findings: new Findings(this.names),
      group: 0,
    };
    for (let r = 0; r < raw.length; r++) {
      const values = raw.firstValue[r + 1] - raw.firstValue[r];
      out.group = out.tally.groupOf(raw.tenant[r], raw.market[r], raw.dataset[r]);
      out.tally.add(out.group, Counted.records, 1);
      out.tally.add(out.group, Counted.values, values);
      const rule = this.rules.of(raw.market[r], raw.dataset[r]);
      const refusal = rule === null ? noRule(raw, r) : this.checkTime(raw, r, rule);
      if (rule === null || refusal !== null) refuse(out, r, refusal ?? noRule(raw, r), values);
      else if (values === 0 && raw.cancels[r] === 1) {
        if (rule.trade) {
          this.addTick(out, r, rule, null);
          out.bareCancels++;
        } else refuse(out, r, NO_FIELD_WITHDRAWN, 0);
      } else if (this.isComplete(out, r, rule)) {
        if (rule.trade) this.addTrade(out, r, rule);
        else this.addSeries(out, r, rule);
      }
    }
    const { ticks } = out;
    if (this.keys.length < 4 * ticks.length) {
      const words = Math.max(4 * ticks.length, 2 * this.keys.length);
      this.keys = new Uint32Array(words);
      this.values = new Uint32Array(words);
    }
    const { keys, values } = this;
    for (let i = 0; i < ticks.length; i++) {
      naturalKeyOf(ticks, i, keys, i);
      valuesOf(ticks, i, (ticks.flags[i] & Flag.CANCELLED) !== 0, values, i);
      setEventId(ticks, i, keys, values, i);
    }
    return { ...out, keys, values };
  }

  private checkTime(raw: RawBatch, r: number, rule: DatasetRule): Refusal | null {
    const start = raw.eventStart[r];
    const end = raw.eventEnd[r];
    const latest = Math.min(raw.knownAt[r] + rule.horizon, LATEST - 1);
    if (start < rule.earliest || start > latest) return outsideTime(start, rule.earliest, latest);
    return end >= start && end <= LATEST ? null : badInterval(start, end, LATEST);
  }

  /**
   * Looks for required fields that have no value. By the policy of the dataset each is passed over, reported, or the
   * row is refused as a whole: a row is what its source stated together. Withdrawals need no values.
   */
  private isComplete(out: Work, r: number, rule: DatasetRule): boolean {
    const raw = out.input;
    if (rule.required.length === 0 || raw.cancels[r] === 1) return true;
    const first = raw.firstValue[r];
    const end = raw.firstValue[r + 1];
    for (const field of rule.required) {
      let v = first;
      while (v < end && (raw.field[v] !== field || raw.valueFrom[v] === raw.valueTo[v])) v++;
      if (v < end) continue;
      out.tally.add(out.group, Counted.missing, 1);
      if (rule.nulls === 'skip') continue;
      const name = this.names.fields.nameOf(field);
      if (rule.nulls === 'reject') {
        refuse(out, r, valueMissing(name), end - first);
        return false;
      }
      out.findings.ofRow('REQUIRED_MISSING', name, `rows without a value of ${name}`, raw, r);
    }
    return true;
  }

  private addSeries(out: Work, r: number, rule: DatasetRule): void {
    const { input: raw, ticks } = out;
    const { identity } = rule;
    let stated = 0;
    let difference = 0;
    for (let v = raw.firstValue[r]; v < raw.firstValue[r + 1]; v++) {
      if (raw.valueFrom[v] === raw.valueTo[v] && raw.cancels[r] === 0) {
        dropNulls(out, 1);
        continue;
      }
      if (rule.fields[raw.field[v]] === undefined) {
        refuse(out, r, unknownField(raw, v), 1);
        continue;
      }
      const i = this.addTick(out, r, rule, v);
      const refusal = raw.cancels[r] === 1 ? null : this.numbers.read(raw, rule, v, i, Present.PRICE);
      if (refusal !== null) {
        ticks.length--;
        refuse(out, r, refusal, 1);
        continue;
      }
      const sign = identity?.signs[raw.field[v]];
      if (sign === undefined || raw.cancels[r] === 1) continue;
      stated++;
      difference += sign * mantissaAt(ticks.price, i);
    }
    // A row that lacks one of the parts is not asked.
    if (identity === null || stated !== identity.count || Math.abs(difference) <= identity.tolerance) return;
    const { total } = identity;
    out.findings.ofRow('COMPONENTS_DIFFER', total, `parts that do not add up to ${total}`, raw, r);
  }

  private addTrade(out: Work, r: number, rule: DatasetRule): void {
    const { input: raw, ticks } = out;
    const first = raw.firstValue[r];
    const end = raw.firstValue[r + 1];
    if (first === end) return;
    const i = this.addTick(out, r, rule, this.priceOf(raw, first, end));
    let nulls = 0;
    for (let v = first; v < end; v++) {
      if (raw.valueFrom[v] === raw.valueTo[v]) {
        nulls++;
        continue;
      }
      const bit = this.numbers.bitOf(raw.field[v]);
      const refusal =
        rule.fields[raw.field[v]] === undefined || bit === 0
          ? unknownField(raw, v)
          : (ticks.present[i] & bit) !== 0
            ? fieldTwice(raw, v)
            : this.numbers.read(raw, rule, v, i, bit);
      if (refusal === null) continue;
      ticks.length--;
      refuse(out, r, refusal, end - first);
      return;
    }
    const cancels = raw.cancels[r] === 1;
    // A tick without any number would say nothing; a cancel says what it has to say without one.
    if (nulls === end - first && !cancels) ticks.length--;
    // The balance counts a row of nulls that stays as one value.
    dropNulls(out, nulls === end - first && cancels ? nulls - 1 : nulls);
  }

  /** The value of a trade that names its unit: the price, wherever it stands in the row. */
  private priceOf(raw: RawBatch, first: number, end: number): number {
    for (let v = first; v < end; v++) if (this.numbers.bitOf(raw.field[v]) === Present.PRICE) return v;
    return first;
  }

  private addTick(out: Work, r: number, rule: DatasetRule, v: number | null): number {
    const { input: raw, ticks } = out;
    const i = ticks.reserve();
    out.groupOf[i] = out.group;
    ticks.tenant[i] = raw.tenant[r];
    ticks.instrument[i] = this.instrumentOf(out, r, v, rule);
    ticks.source[i] = raw.source[r];
    ticks.dataset[i] = raw.dataset[r];
    ticks.trace[i] = raw.trace[r];
    ticks.eventStart[i] = raw.eventStart[r];
    ticks.eventEnd[i] = raw.eventEnd[r];
    ticks.knownAt[i] = raw.knownAt[r];
    ticks.clearNumbers(i);
    ticks.present[i] = raw.hasSequence[r] === 1 ? Present.SEQUENCE : 0;
    ticks.sequence[i] = raw.sequence[r];
    ticks.tradeId[i] = raw.tradeId[r];
    ticks.srcTopic[i] = raw.srcTopic;
    ticks.srcPartition[i] = raw.srcPartition;
    ticks.srcOffset[i] = raw.srcOffset[r];
    ticks.archive[i] = raw.archive[r];
    ticks.row[i] = raw.row[r];
    let flags = raw.cancels[r] === 1 ? Flag.CANCELLED : 0;
    const late = raw.knownAt[r] - raw.eventEnd[r];
    if (late > rule.lateness) flags |= Flag.LATE_ARRIVAL;
    ticks.flags[i] = flags;
    return i;
  }

  private instrumentOf(out: Work, r: number, v: number | null, rule: DatasetRule): number {
    const raw = out.input;
    const market = raw.market[r];
    const dataset = raw.dataset[r];
    const location = raw.location[r];
    const field = rule.trade || v === null ? 0 : raw.field[v];
    const known = this.cells.get(market, dataset, location, raw.series[r], field);
    if (known !== -1) return known;
    const names = this.names;
    const parts = {
      market: names.markets.nameOf(market),
      product: rule.product,
      location: names.locations.nameOf(location),
      field: rule.trade || v === null ? 'price' : names.fields.nameOf(raw.field[v]),
      unit: v === null ? '' : names.units.nameOf(raw.unit[v]),
    };
    const series = names.series.nameOf(raw.series[r]);
    const id = instrumentIdOf(rule, parts.market, parts.location, series, parts.field);
    const instrument = names.instruments.idOf(id, parts);
    const owner = names.instruments.partsOf(instrument).market;
    if (owner !== parts.market) out.findings.ofShared(id, owner, raw, r);
    this.cells.set(market, dataset, location, raw.series[r], field, instrument);
    return instrument;
  }
}
