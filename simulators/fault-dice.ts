/** Decides which fault strikes a request. The same requests in the same order are struck alike. */

import { HOUR, type Micros } from '../core/time/instant.ts';
import { draw, drawIndex, wordOf } from './draw.ts';
import { type FaultName, type FaultPlan, isContentFault } from './fault-menu.ts';
import type { Answer, Report } from './market.ts';
import type { Table, TableRow } from './table.ts';

/** The dice of one running simulator. */
export class FaultDice {
  private readonly seed: number;
  private readonly rates: readonly (readonly [FaultName, number])[];
  private readonly pending: FaultName[];
  /** Requests made so far, by path and query. */
  private readonly attempts = new Map<string, number>();
  /** Requests whose last answer was a fault of the exchange: the next one is good. */
  private readonly struck = new Set<string>();

  constructor(seed: number, plan: FaultPlan) {
    this.seed = seed;
    this.rates = Object.entries(plan.rates ?? {}) as [FaultName, number][];
    this.pending = [...(plan.once ?? [])];
  }

  /** Faults of `once` that have not struck yet. */
  get waiting(): readonly FaultName[] {
    return this.pending;
  }

  /** The fault for a request, or null. Only answers with data are struck. */
  roll(path: string, answer: Answer, at: Micros): FaultName | null {
    const attempt = this.attempts.get(path) ?? 0;
    this.attempts.set(path, attempt + 1);
    const isRetry = this.struck.delete(path);
    if (answer.kind === 'refusal' || isRetry) return null;
    const fault = this.pendingFault(answer, at) ?? this.drawnFault(path, attempt, answer, at);
    if (fault !== null) this.struck.add(path);
    return fault;
  }

  private pendingFault(report: Report, at: Micros): FaultName | null {
    const index = this.pending.findIndex((fault) => fits(fault, report, at));
    return index < 0 ? null : this.pending.splice(index, 1)[0];
  }

  private drawnFault(path: string, attempt: number, report: Report, at: Micros): FaultName | null {
    const hits = this.rates.filter(
      ([fault, rate]) =>
        rate > 0 && fits(fault, report, at) && draw(this.seed, wordOf(fault), wordOf(path), attempt) < rate,
    );
    return hits.length === 0
      ? null
      : hits[drawIndex(hits.length, this.seed, wordOf('which'), wordOf(path), attempt)][0];
  }
}

/** True where the name of a location stands in a cell of its own. */
function hasLocationCell({ cells, facts }: TableRow): boolean {
  const name = facts()[0]?.location;
  return cells.some((cell) => cell.replaceAll('"', '') === name);
}

/** Rows of the last half day: a day later they lie in the future, and not in a past that nobody can tell from them. */
function isRecent({ rows }: Table, at: Micros): boolean {
  return rows.some((row) => (row.facts()[0]?.end ?? 0) >= at - 12 * HOUR);
}

/** Whether a fault can happen to a report: no truncated zip without a zip. */
export function fits(fault: FaultName, report: Report, at: Micros): boolean {
  const [{ table }] = report.members;
  const isZip = report.container === 'zip';
  const isOasis = report.headers['content-disposition'] !== undefined;
  if (isContentFault(fault) && fault !== 'wrong-offset' && !table.rows.some((row) => row.facts().length > 0))
    return false;
  switch (fault) {
    case 'truncated-zip':
    case 'empty-zip':
      return isZip;
    case 'oasis-busy':
      return isOasis;
    case 'wrong-etag':
      return report.lastModified !== null;
    case 'preamble-missing':
      return table.preamble.includes('');
    case 'unpadded-date':
      return table.preamble.some((line) => /^(0\d\/|\d\d\/0)/.test(line));
    case 'repeated-file':
      return isZip || report.neighbour?.().kind === 'report';
    case 'future-stamps':
      return table.restamped !== null && isRecent(table, at);
    case 'thousands-commas':
      return table.header.includes('HE 1');
    case 'header-blanks':
      return table.header.length > 0 && table.isKeyed !== true;
    case 'added-column':
      return table.header.length > 0;
    case 'truncated-gzip':
      return !isZip;
    case 'string-numbers':
      return table.numbers === 'bare';
    case 'renamed-column':
      return table.header.includes('LMP_TYPE');
    case 'shuffled-rows':
      return table.isOrderFree === true && table.rows.length > 1;
    case 'wrong-offset':
      return table.header.includes('PublishDate') && table.rows.length > 0;
    case 'wrong-charset':
      return hasLocationCell(table.rows[0]);
    default:
      return true;
  }
}
