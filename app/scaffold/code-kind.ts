/** Templates of a connector with code. */

/** `connector.yaml`; words between underscores are filled in. */
export const CODE_MANIFEST = `# yaml-language-server: $schema=../connector.schema.json
# What carbon knows about __MARKET__. Keys: docs/add-a-connector.md; checked by \`carbon connector validate __NAME__\`.
name: __NAME__
version: 1.0.0
market: __MARKET__
mode: batch # batch | streaming | hybrid
schedule: "15 * * * *" # UTC
enabled: false # until it is filled in
output_topic: __TOPIC__
schema: schemas/__SCHEMA__.avsc
hosts: [www.example.com]
min_interval_ms: 1000
lookback: 1d
transforms:
  - name: sanitize_numeric
  - name: standardize_timezone
owner: platform
datasets:
  - name: __DATASET__
`;

/** A body that the dataset reads. */
export const CODE_PAYLOAD =
  'Begin,Area,Load (MW)\n03/09/2025 01:00,NORTH,1234.5\n03/09/2025 03:00,NORTH,1240\n';

/** \`index.ts\`. */
export const CODE_INDEX = `/** __MARKET__: say what the market is, where its manual lies, and whether it wants an account. */

import type { Connector } from '../kit/contract.ts';
import { firstLine, pageTitle } from '../kit/payload.ts';
import { __DATASET_VALUE__ } from './__DATASET_FILE__.ts';

/** The connector as a value; its schedule and output are in \`connector.yaml\`. */
export const __VALUE__: Connector = {
  name: '__NAME__',
  market: '__MARKET__',
  datasets: [__DATASET_VALUE__],
  pushed: [],
  describe: ({ text }) => {
    const page = pageTitle(text);
    return page === null ? firstLine(text) || null : \`an HTML page: \${page}\`;
  },
};
`;

/** A dataset. */
export const CODE_DATASET = `/** __MARKET__ __DATASET__: say which report this is, its address, its clock and its quirks. */

import { DAY, HOUR } from '../../core/time/instant.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import type { Dataset, SourceRequest } from '../kit/contract.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { formatStamp } from '../kit/time/stamp.ts';

const ZONE = 'America/New_York';
const UNIT = 'MW';
const COLUMNS = { time: 'begin', location: 'area', load: 'load' } as const;

/** The dataset \`__DATASET__\` of __MARKET__. */
export const __DATASET_VALUE__: Dataset = {
  name: '__DATASET__',
  title: 'Say what one row is',
  time: {
    name: 'eastern-hour-beginning',
    zone: ZONE,
    pattern: 'MM/DD/YYYY hh:mm',
    stamp: 'beginning',
    length: HOUR,
    onGrid: true,
    repeated: { by: 'order' },
  },
  nullWords: [],
  coverage: { contiguous: true, sameSpan: true },
  fields: [{ field: 'load', unit: UNIT, what: 'say what the number is' }],
  recognise: ({ text }) => {
    const names = (text.split(/\\r?\\n/, 1)[0] ?? '').split(',').map(normaliseHeader);
    return Object.values(COLUMNS).every((column) => names.includes(column)) ? 2 : 0;
  },
  plan: (window) => {
    const requests: SourceRequest[] = [];
    const last = marketDayOf(ZONE, Math.max(window.start, window.end - 1));
    for (let day = marketDayOf(ZONE, window.start); day <= last; day++) {
      const covered = marketDayBounds(ZONE, day);
      const name = \`\${formatStamp('YYYYMMDD', day * DAY)}___DATASET__.csv\`;
      const url = \`https://www.example.com/\${name}\`;
      requests.push({ url, name, window: covered, expectedAt: covered.end, maxBytes: 20_000_000 });
    }
    return requests;
  },
  decode: (payload) =>
    readTable(payload, { columns: COLUMNS, ignored: [] }, (fields, at, line) =>
      sourceRow(line, (fields[at.location] ?? '').trim(), fields[at.time] ?? '', [
        { field: 'load', value: fields[at.load] ?? '', unit: UNIT },
      ]),
    ),
};
`;
