/**
 * Every other report of OASIS that prints begin and end in GMT and an item with a number, or figures by their columns: requirements and results of
 * reserves, schedules and transfers at ties, shadow prices, usage of transmission, outages …
 *
 * The item keeps its own name as field (`SP_REQ_MIN_MW` is `sp_req_min_mw`), with the unit that the report prints. What
 * such a report means is left to who reads it: it is decoded, and has no rule by which it would be published.
 */

import { HOUR, MINUTE } from '../../core/time/instant.ts';
import type { Dataset, PayloadHead, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { gmtBounds, TRADE_DAYS } from './dataset.ts';
import { glimpseOf } from './glimpse.ts';
import type { OasisRecord } from './oasis-record.ts';
import { decodeOasis, type Meaning } from './oasis-report.ts';

/** Location of a figure of the whole system. */
const SYSTEM = 'CAISO';

/** Units by the end of an item's name, where the report prints none. */
const UNITS: readonly (readonly [end: RegExp, unit: string])[] = [
  [/(?:^|_)(?:MWH?|SOLAR|WIND)$/, 'MW'],
  [/_(?:PRC|PRICE)$|^PRC$/, 'USD/MWh'],
  [/_(?:USD|COST)$/, 'USD'],
];

function unitOf({ item, unit }: OasisRecord): string {
  if (unit !== '') return unit.replace(/^(?:US)?\$/, 'USD');
  return UNITS.find(([end]) => end.test(item))?.[1] ?? '';
}

/** The run where it is not the day-ahead one, and every word that tells rows apart. */
function meaningOf(record: OasisRecord): Meaning | null {
  const field = record.item
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  if (field === '') return null;
  const run = record.run === 'DAM' ? '' : record.run;
  const series = [record.kind, record.labels, run].filter((word) => word !== '').join(' ');
  return {
    field,
    unit: unitOf(record),
    location: record.place === '' ? SYSTEM : record.place,
    series: series === '' ? null : series,
  };
}

/** True for the name of a report that has a dataset of its own, and for one that is a letter off: it was damaged. */
function isDamaged(report: string, claimed: ReadonlySet<string>): boolean {
  for (const name of claimed) {
    if (name.length !== report.length) continue;
    const others = [...name].filter((letter, i) => letter !== report[i]).length;
    if (others <= 1) return true;
  }
  return false;
}

/** The dataset `figures`. `claimed` are the reports that datasets of their own read. */
export function otherFigures(claimed: ReadonlySet<string>): Dataset {
  const recognise = (head: PayloadHead): Recognition => {
    const report = glimpseOf(head);
    if (report === null || !report.filled || report.report === '') return 0;
    return isDamaged(report.report, claimed) ? 0 : 1;
  };
  return {
    name: 'figures',
    title: 'Figures of other OASIS reports under their own names',
    time: gmtBounds([HOUR, 15 * MINUTE, 5 * MINUTE, 10 * MINUTE, ...TRADE_DAYS], false),
    nullWords: NULL_WORDS,
    coverage: null,
    fields: [],
    recognise,
    // Nothing is asked for: which report is wanted cannot be known.
    plan: () => [],
    decode: (payload) =>
      decodeOasis(payload, { runs: null, placed: false, named: false, open: true, meaningOf }),
  };
}
