/** The hourly price tables of MISO: daily market reports and the files of a quarter. */

import type { Decoded, Payload, PublishedField } from '../kit/contract.ts';
import { isExchange, readExchange } from './data-exchange.ts';
import { type HourlyTable, readHourlyTable } from './hourly-table.ts';
import { isHourlyHeader } from './layouts.ts';

const UNIT = 'USD/MWh';

/** What MISO publishes of a price; the energy part is not printed, it is lmp - congestion - loss. */
export const LMP_FIELDS: readonly PublishedField[] = [
  { field: 'lmp', unit: UNIT, what: 'LMP, the price at the node' },
  { field: 'congestion', unit: UNIT, what: 'MCC, marginal congestion component' },
  { field: 'loss', unit: UNIT, what: 'MLC, marginal loss component' },
];

/** Unit of a price and of its parts. */
export const LMP_UNIT = UNIT;

const KINDS: Readonly<Record<string, string>> = {
  LMP: 'lmp',
  MCC: 'congestion',
  MLC: 'loss',
  MEC: 'energy',
};

const TABLE: HourlyTable = {
  columnsIn: (names) =>
    isHourlyHeader(names)
      ? {
          place: names.includes('epnode') ? 'epnode' : 'node',
          kind: 'value',
          date: names.includes('market_day') ? 'market_day' : null,
          ignored: ['type'],
          names,
        }
      : null,
  fieldOf: (kind) => KINDS[kind.toUpperCase()] ?? null,
  kinds: 'LMP, MCC, MLC',
  unit: UNIT,
};

/** Reads either form of the table, or an answer of the Data Exchange. Throws as {@link readHourlyTable}. */
export function readHourlyPrices(payload: Payload): Decoded {
  return isExchange(payload) ? readExchange(payload, 'price') : readHourlyTable(payload, TABLE);
}
