/**
 * What the dashboard of EIA's grid monitor saves (`930-data-export.csv`): hours of an authority or region, with demand, its
 * forecast, net generation in all and by fuel, interchange.
 *
 * An hour is named by its end on a local clock of twelve hours: `6/1/2024 5 a.m. EDT`, `4/28/2022 12 a.m. CDT`. The name of
 * the offset tells the repeated hour; a stamp with none that is known is refused.
 */

import { HOUR } from '../../core/time/instant.ts';
import type { Decoded, Payload, PayloadHead, SourceRow } from '../kit/contract.ts';
import { ownEntry } from '../kit/own-entry.ts';
import { headOf } from '../kit/payload.ts';
import { firstFields } from '../kit/readers/csv.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { parseStamp } from '../kit/time/stamp.ts';
import { endingAt, HOURS, type PrintedPeriod } from './period.ts';

const UNIT = 'MWh';
/** Header, normalised: what stands in parentheses is gone. */
const TIME = 'timestamp';
const PLACES: readonly string[] = ['ba code', 'region code', 'balancing authority code'];
const FIGURES: Readonly<Record<string, string>> = {
  demand: 'load',
  'demand forecast': 'load_forecast',
  'net generation': 'generation',
  'total interchange': 'interchange',
};

/** Hours that clocks are ahead of UTC. */
const OFFSETS: Readonly<Record<string, number>> = {
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  UTC: 0,
  GMT: 0,
};

const STAMP = /^(\d{1,2}\/\d{1,2}\/\d{4}),? (\d{1,2})(?::00)? ([ap])\.?m\.?,? ([A-Z]{3})$/i;

/** The hour that a stamp ends; words that are none stand for themselves, and are refused. */
function hourOf(words: string): PrintedPeriod {
  const [, date = '', hour = '', half = '', zone = ''] = STAMP.exec(words) ?? [];
  const wall = parseStamp('M/D/YYYY h:mm A', `${date} ${hour}:00 ${half.toUpperCase()}M`);
  const offset = ownEntry(OFFSETS, zone.toUpperCase());
  return endingAt(words, wall === null || offset === undefined ? null : wall - offset * HOUR);
}

/** A figure of the dashboard by the name of its column; null for a column that is none. */
function figureOf(column: string): { field: string; series: string | null } | null {
  const name = normaliseHeader(column).replace(/^total (\w+) demand$/, 'demand');
  const field = ownEntry(FIGURES, name);
  if (field !== undefined) return { field, series: null };
  const fuel = /^\s*(.+?) Generation\b/i.exec(column)?.[1];
  return fuel === undefined ? null : { field: 'generation', series: fuel };
}

/** True for the start of such a file. */
export function isDashboardExport(head: PayloadHead): boolean {
  const header = firstFields(head.text);
  const names = header.map(normaliseHeader);
  return (
    /^timestamp \(hour ending\)$/i.test(header[names.indexOf(TIME)]?.trim() ?? '') &&
    PLACES.some((place) => names.includes(place))
  );
}

/** Reads the file. Throws as {@link readTable}. */
export function readDashboardExport(payload: Payload): Decoded {
  const header = firstFields(headOf(payload).text);
  const names = header.map(normaliseHeader);
  const place = PLACES.find((name) => names.includes(name)) ?? PLACES[0] ?? '';
  const columns = { place, time: TIME };
  const figures = header.flatMap((column, at) => {
    const figure = at === names.indexOf(place) || at === names.indexOf(TIME) ? null : figureOf(column);
    return figure === null ? [] : [{ at, name: names[at] ?? '', ...figure }];
  });
  const rows: SourceRow[] = [];
  const decoded = readTable(
    payload,
    { columns, ignored: figures.map(({ name }) => name) },
    (fields, at, line) => {
      const { words, bounds } = hourOf((fields[at.time] ?? '').trim());
      for (const { at: column, field, series } of figures) {
        const values = [{ field, value: fields[column] ?? '', unit: UNIT }];
        rows.push(sourceRow(line, (fields[at.place] ?? '').trim(), words, values, { bounds, series }));
      }
      return null;
    },
  );
  return { ...decoded, rows, layout: { time: HOURS } };
}
