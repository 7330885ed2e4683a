/**
 * NYISO generation by fuel in real time (P-63, `rtfuelmix/YYYYMMDDrtfuelmix.csv`): readings about every five minutes,
 * with a `Time Zone` column, or without: the order tells the repeated hour then. Before 2017 the column was called `Gen MWh` and the stamps had no seconds; the numbers were
 * the same readings in megawatts. The chart of the page is read as well.
 */

import type { Dataset, Decoded, Payload, PayloadHead, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf } from '../kit/payload.ts';
import { headerLines } from '../kit/pieces.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { isFuelChart, readFuelChart } from './fuel-chart.ts';
import { recordsOf } from './layouts.ts';
import { dailyRequests } from './routes.ts';
import { unzoned, ZONED_INSTANT } from './zoned-time.ts';

const UNIT = 'MW';
const COLUMNS = { time: 'time stamp', fuel: 'fuel category' } as const;
const ZONE = 'time zone';

/** Name of the column of numbers in a header; null when it is no fuel mix. */
function generationColumn(header: readonly string[]): 'gen mw' | 'gen mwh' | null {
  const names = header.map(normaliseHeader);
  if (!names.includes(COLUMNS.fuel)) return null;
  return names.includes('gen mwh') ? 'gen mwh' : 'gen mw';
}

function recognise(head: PayloadHead): Recognition {
  if (isFuelChart(head.text)) return 2;
  if (generationColumn(recordsOf(head)[0] ?? []) === null) return 0;
  return /rtfuelmix/i.test(head.name) ? 3 : 2;
}

function decode(payload: Payload): Decoded {
  const head = headOf(payload);
  if (isFuelChart(head.text)) return readFuelChart(payload);
  const header = recordsOf(head)[0] ?? [];
  const zoned = header.map(normaliseHeader).includes(ZONE);
  const columns: Record<string, string> = {
    ...COLUMNS,
    generation: generationColumn(header) ?? 'gen mw',
    ...(zoned ? { zone: ZONE } : {}),
  };
  const decoded = readTable(payload, { columns, ignored: [] }, (fields, at, line) => {
    const cell = (column: string): string => fields[at[column] ?? -1] ?? '';
    const values = [{ field: 'generation', value: cell('generation'), unit: UNIT }];
    return sourceRow(line, 'NYISO', cell('time'), values, {
      series: cell('fuel').trim(),
      timeHint: zoned ? cell('zone').trim() : null,
    });
  });
  return zoned ? decoded : { ...decoded, layout: { time: unzoned(ZONED_INSTANT) } };
}

/** The dataset `fuel_mix` of NYISO. */
export const fuelMix: Dataset = {
  name: 'fuel_mix',
  title: 'Generation by fuel, readings about every five minutes',
  time: ZONED_INSTANT,
  nullWords: NULL_WORDS,
  coverage: { contiguous: false, sameSpan: false, forward: true },
  fields: [{ field: 'generation', unit: UNIT, what: 'output of a fuel, its name as series' }],
  recognise,
  plan: (window, settings) =>
    dailyRequests({ set: 'rtfuelmix', file: 'rtfuelmix', publishedAfter: 1 }, window, settings.now),
  pieces: headerLines,
  decode,
};
