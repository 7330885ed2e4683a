/**
 * MISO's generation by fuel: the display `FuelMix` (before December 2025 `getfuelmix`), `/Today` and `/Yesterday`, JSON or
 * CSV of INTERVALEST, CATEGORY and ACT; a list of displays is read as one. INTERVALEST begins its five minutes. Imports and storage stand among the fuels.
 */

import { MINUTE } from '../../core/time/instant.ts';
import { marketDayBounds } from '../../core/time/market-day.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf, textOf } from '../kit/payload.ts';
import { isJsonArray, isJsonObject, type Json, malformedRecord, readJson } from '../kit/readers/json.ts';
import { readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { exchangeHead, isExchange, readExchange } from './data-exchange.ts';
import { displayTable, tablePayload } from './display-table.ts';
import { ageOf, MISO_ZONE, operatingDays, publicRequest } from './routes.ts';

const UNIT = 'MW';
const COLUMNS = { time: 'intervalest', fuel: 'category', value: 'act' } as const;
const tableOf = (text: string): ReturnType<typeof displayTable> =>
  displayTable(text, [COLUMNS.time, COLUMNS.value]);
const isDisplay = (text: string): boolean => /"Fuel"\s*:/.test(text) && /"CATEGORY"\s*:/.test(text);

function recognise(head: PayloadHead): Recognition {
  if (exchangeHead(head)?.kind === 'fuel') return 2;
  const found = /^\s*[[{]/.test(head.text) ? isDisplay(head.text) : tableOf(head.text) !== null;
  if (!found) return 0;
  return /fuel.?mix/i.test(head.name) ? 3 : 2;
}

function decode(payload: Payload): Decoded {
  if (isExchange(payload)) return readExchange(payload, 'fuel');
  const { text } = headOf(payload);
  return /^\s*[[{]/.test(text) ? readDisplays(payload) : readCsv(payload);
}

function rowOf(row: number, time: string, fuel: string, value: string | null): SourceRow {
  return sourceRow(row, 'MISO', time, [{ field: 'generation', value, unit: UNIT }], { series: fuel });
}

/** The types of a display; one category alone is printed as an object. Null for another document. */
function typesOf(body: Json): readonly Json[] | null {
  const fuel = isJsonObject(body) ? body['Fuel'] : undefined;
  const listed = isJsonObject(fuel) ? fuel['Type'] : undefined;
  if (isJsonObject(listed)) return [listed];
  return isJsonArray(listed) ? listed : null;
}

function readDisplays(payload: Payload): Decoded {
  const body = readJson(payload);
  const rows: SourceRow[] = [];
  let row = 0;
  for (const display of isJsonArray(body) ? body : [body]) {
    const types = typesOf(display);
    if (types === null)
      throw malformedRecord(payload, row + 1, 'an object with the types of "Fuel"', display);
    for (const record of types) {
      row++;
      const value = isJsonObject(record) ? record['ACT'] : undefined;
      if (!isJsonObject(record) || !(value === null || typeof value === 'string')) {
        const damage = malformedRecord(payload, row, 'a fuel with INTERVALEST, CATEGORY and ACT', record);
        return { rows, rejected: [], drift: [], damage };
      }
      rows.push(rowOf(row, wordOf(record['INTERVALEST']), wordOf(record['CATEGORY']), value));
    }
  }
  return { rows, rejected: [], drift: [], damage: null };
}

const wordOf = (value: Json | undefined): string => (typeof value === 'string' ? value.trim() : '');

function readCsv(payload: Payload): Decoded {
  const table = tableOf(textOf(payload));
  const body = table === null ? payload : tablePayload(payload, table);
  return readTable(body, { columns: COLUMNS, ignored: ['totalmw'] }, (fields, at, line) =>
    rowOf(line, fields[at.time] ?? '', (fields[at.fuel] ?? '').trim(), fields[at.value] ?? ''),
  );
}

/** The dataset `fuel_mix` of MISO. */
export const fuelMix: Dataset = {
  name: 'fuel_mix',
  title: 'Generation by fuel in real time, by five minutes',
  time: {
    name: 'est-five-minutes-beginning',
    zone: MISO_ZONE,
    pattern: 'YYYY-MM-DD h:mm:ss A',
    stamp: 'beginning',
    length: 5 * MINUTE,
    onGrid: false,
    repeated: { by: 'none' },
  },
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [
    { field: 'generation', unit: UNIT, what: 'output of a fuel, its name as series' },
    { field: 'generation_total', unit: UNIT, what: 'output of all fuels' },
  ],
  recognise,
  plan: (window, { now }) =>
    operatingDays(window).flatMap((day) => {
      const age = ageOf(day, now);
      if (age < 0 || age > 1) return [];
      const bounds = marketDayBounds(MISO_ZONE, day);
      const path = age === 0 ? 'FuelMix/Today' : 'FuelMix/Yesterday';
      return [publicRequest(path, bounds, age === 0 ? bounds.start + 10 * MINUTE : bounds.end)];
    }),
  decode,
};
