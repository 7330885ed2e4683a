/** What all datasets of ISO New England share: web records or a report of ISO Express, told apart by their content. */

import { HOUR, type Micros } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, PublishedField, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { readExpressTable } from './express-table.ts';
import { glimpseOf, type IsoneHead } from './glimpse.ts';
import type { WebKind } from './web-kind.ts';
import { readWeb } from './web-rows.ts';

/** A head that is a report of ISO Express. */
export type ExpressHead = Extract<IsoneHead, { form: 'express' }>;

/** One dataset in both its forms. */
export interface IsoneReport {
  readonly name: string;
  readonly title: string;
  readonly fields: readonly PublishedField[];
  /** Records of the web services and charts. */
  readonly kinds: readonly WebKind[];
  /** True when a report of ISO Express is this one; absent where there is none. */
  express?(head: ExpressHead, name: string): boolean;
  /** True when records that two datasets share are this one's; absent where nothing is shared. */
  shared?(name: string): boolean;
  /** Fields of the columns of a report that have another name in this dataset. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Reads the report, where it is no plain table. */
  readExpress?(payload: Payload): Decoded;
  /** Names of its files. */
  readonly named: RegExp;
  readonly plan: Dataset['plan'];
}

/** The usual convention, of a report by the hour; what a body has is declared with its rows. */
const USUAL: TimeConvention = {
  name: 'eastern-begin-with-offset',
  zone: 'UTC',
  pattern: 'YYYY-MM-DDThh:mm:ssZ',
  stamp: 'bounds',
  length: HOUR,
  onGrid: false,
  repeated: { by: 'none' },
};

/** The dataset as the kit knows it. */
export function isoneDataset(report: IsoneReport): Dataset {
  const { name, title, fields, plan } = report;
  return {
    name,
    title,
    time: { ...USUAL, length: lengthOf(report) },
    nullWords: NULL_WORDS,
    coverage: null,
    fields,
    recognise: (head) => recognise(head, report),
    plan,
    decode(payload) {
      const start = new TextDecoder().decode(payload.bytes.subarray(0, 64));
      if (/^\s*[[{<]/.test(start)) return readWeb(payload, report.kinds);
      if (report.readExpress !== undefined) return report.readExpress(payload);
      return readExpressTable(
        payload,
        fields.map((each) => each.field),
        report.renamed,
      );
    },
  };
}

const lengthOf = (report: IsoneReport): Micros => report.kinds[0]?.length ?? HOUR;

function recognise(head: PayloadHead, report: IsoneReport): Recognition {
  const glimpse = glimpseOf(head);
  if (glimpse === null) return 0;
  const named = report.named.test(head.name);
  if (glimpse.form === 'express') return report.express?.(glimpse, head.name) !== true ? 0 : named ? 3 : 2;
  if (!report.kinds.some((kind) => glimpse.kinds.has(kind.key))) return 0;
  if (report.shared?.(head.name) === false) return 0;
  return named ? 3 : 2;
}

/** Fields in megawatts, by their names. */
export function megawatts(fields: Readonly<Record<string, string>>): PublishedField[] {
  return Object.entries(fields).map(([field, what]) => ({ field, unit: 'MW', what }));
}
