/**
 * A dataset in words: what a `connector.yaml` says of a feed that needs no code. The keys are documented where they are
 * checked (`app/connectors/declared-schema.ts`).
 */

import type { StreamDeclaration } from './stream.ts';

/** Where a text of a row comes from: a column or path, or one that is the same for all rows. */
export type Source = string | { readonly is: string };

/** How the pages of an answer follow each other. */
export interface PageDeclaration {
  readonly by: 'offset' | 'page' | 'cursor' | 'link';
  /** Query parameter that says which page; not for `link`. */
  readonly parameter?: string | undefined;
  /** Rows of a full page. */
  readonly size?: number | undefined;
  /** Query parameter that asks for so many. */
  readonly size_parameter?: string | undefined;
  /** Value of the parameter for the first page: 0 for offsets, 1 for pages unless it says so. */
  readonly first?: number | undefined;
  /** Path of the cursor or of the link in the body. */
  readonly from?: string | undefined;
  /** Path of the count of all rows (`offset`) or of all pages (`page`): no page is asked for beyond it. */
  readonly total?: string | undefined;
}

/** What is asked, and when it is there. */
export interface RequestDeclaration {
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
  readonly name?: string | undefined;
  /** `day`, `month`, `year` in `zone`, a duration, or `window`. */
  readonly span: string;
  readonly zone: string;
  /** One request for each value, or each combination. */
  readonly each: Readonly<Record<string, readonly string[]>>;
  /** `end+15m`, `start-11h`: when a span is expected to be published. */
  readonly published: string;
  readonly max_bytes: number;
  readonly page?: PageDeclaration | undefined;
}

/** How rows tell their time. */
export interface TimeDeclaration {
  /** Column, or columns that are joined by a blank. */
  readonly from: string | readonly string[];
  /** Column of the end, for `stamp: bounds`. */
  readonly until?: string | undefined;
  readonly zone: string;
  readonly pattern: string;
  readonly stamp: 'beginning' | 'ending-label' | 'ending-clock' | 'instant' | 'bounds';
  /** Absent for `instant`. */
  readonly length?: string | undefined;
  /** Stamps end in an offset from UTC, which is checked against the zone. */
  readonly offset: boolean;
  readonly on_grid: boolean;
  /** Column of the flag or of the zone's name. */
  readonly hint?: string | undefined;
  readonly repeated:
    | 'none'
    | 'order'
    | { readonly first: readonly string[]; readonly second: readonly string[] }
    | { readonly words: Readonly<Record<string, string>> };
  readonly cadence?: string | undefined;
  readonly publishes?: 'weekdays' | undefined;
}

/** One number of a row. */
export interface ValueDeclaration {
  readonly field: string;
  readonly from: string;
  readonly unit: string;
  readonly what: string;
  /** Only in rows where these columns hold these words. */
  readonly when: Readonly<Record<string, string>>;
}

/** How a body is read. */
export interface ReadDeclaration {
  readonly format: 'csv' | 'json' | 'xml';
  /** Path of the rows in JSON and XML. */
  readonly rows?: string | undefined;
  /** Path of the names of columns, where rows are arrays. */
  readonly columns?: string | undefined;
  readonly delimiter: string;
  /** First field of the lines that are rows, where a CSV has lines of several kinds. */
  readonly row_marker?: string | undefined;
  /** Texts that the start of every body of this dataset holds, and no other's. */
  readonly marks: readonly string[];
  /** Texts that no start of its bodies holds, where another dataset's have all that this one's have. */
  readonly lacks: readonly string[];
  /** Path of the words with which the source refuses a request. */
  readonly refusal?: string | undefined;
  readonly time: TimeDeclaration;
  readonly location: Source;
  readonly series?: Source | undefined;
  readonly sequence?: string | undefined;
  readonly published_at?: string | undefined;
  readonly values: readonly ValueDeclaration[];
  /** Rows that are left out on purpose: column and words. */
  readonly skip: Readonly<Record<string, readonly string[]>>;
  /** Words that mean no value; `usual` for the list that the markets with code share. */
  readonly null_words: readonly string[] | 'usual';
  /** Columns that are known and not read; any other is reported as drift. */
  readonly known: readonly string[];
}

/** One dataset without code. */
export interface Declaration {
  readonly name: string;
  readonly title: string;
  readonly request: RequestDeclaration;
  readonly read: ReadDeclaration;
  readonly stream?: StreamDeclaration | undefined;
  /** What the intervals of a location within one body must do. */
  readonly order: 'contiguous' | 'forward' | 'free';
}
