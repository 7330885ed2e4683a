/** A dashboard as a dataset: told by keys that only it has, read entry by entry, asked for as it is now. */

import { CarbonError } from '../../core/errors.ts';
import type { Dataset, Decoded, Payload, PayloadHead, PublishedField, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { placeOf } from '../kit/payload.ts';
import { type Json, readJson } from '../kit/readers/json.ts';
import { dashboardRequest } from './routes.ts';

/** Location of a figure of the whole system. */
export const PLACE = 'ERCOT';

/** What a dashboard declares. */
export interface Dashboard {
  readonly dataset: string;
  readonly title: string;
  /** File of the dashboard, for plans and names. */
  readonly file: string;
  readonly time: Dataset['time'];
  readonly fields: readonly PublishedField[];
  /** Keys that only this dashboard has. */
  readonly marks: readonly RegExp[];
  read(body: Json, payload: Payload): { rows: SourceRow[]; rejected?: Decoded['rejected'] };
}

const isDashboard = (head: PayloadHead, { marks }: Dashboard): boolean =>
  /^[\s\uFEFF]*\{/.test(head.text) &&
  !/"fields"\s*:\s*\[/.test(head.text) &&
  marks.every((mark) => mark.test(head.text));

/** The dataset of a dashboard. Its bodies are refused with SOURCE_EMPTY where they hold no entry. */
export function dashboardDataset(dashboard: Dashboard): Dataset {
  const { dataset, title, file, time, fields } = dashboard;
  return {
    name: dataset,
    title,
    time,
    nullWords: NULL_WORDS,
    // Entries are published as they come; the sources are known not to keep their order.
    coverage: null,
    fields,
    recognise: (head) => (isDashboard(head, dashboard) ? (head.name.startsWith(file) ? 3 : 2) : 0),
    plan: (_window, settings) => dashboardRequest(file, settings.now),
    decode(payload) {
      const { rows, rejected = [] } = dashboard.read(readJson(payload), payload);
      const filled = rows.filter(({ values }) => values.length > 0);
      if (filled.length === 0 && rejected.length === 0)
        throw new CarbonError('SOURCE_EMPTY', 'the dashboard holds no entry', placeOf(payload));
      return { rows: filled, rejected, drift: [], damage: null };
    },
  };
}
