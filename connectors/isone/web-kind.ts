/** What is declared of a kind of record of ISO New England's web services. */

import type { Micros } from '../../core/time/instant.ts';

/** How a kind of record is read. */
export interface WebKind {
  /** Name of the record, `HourlyLmp`; for charts a name of our own in lower case. */
  readonly key: string;
  /** Length of its interval; 0 for a reading at an instant. */
  readonly length: Micros;
  /** How far a stamp may lie behind the begin of its interval: services of five minutes print some a second or two late. */
  readonly lateBy?: Micros;
  /** Unit of its numbers. */
  readonly unit: string;
  /** Key → field. */
  readonly values: Readonly<Record<string, string>>;
  /** Key of its series; the one chart of fuels has a key for each instead. */
  readonly series?: string;
  /** Keys that are known and not read, besides those of place and time. */
  readonly ignored?: readonly string[];
  /** Lists of a record whose entries are records too, with its begin and publication where they have none of their own. */
  readonly lists?: readonly WebKind[];
}
