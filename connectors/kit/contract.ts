/**
 * The contract of a connector: values and pure functions, no I/O.
 *
 * extract = `plan` and the runner's fetch; transform = `decode` and the named transforms; load = the runner's publish
 * to the connector's output topic. A dataset never waits, reads a clock or opens a connection.
 */

import type { CarbonError, ErrorCode } from '../../core/errors.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import type { TimeConvention } from './time/convention.ts';
import type { RepeatedOrder } from './time/repeated-order.ts';

/** A body exactly as it was served, or one member of an archive once containers are opened. */
export interface Payload {
  /** Base name of the file, URL or member; empty when there is none. It may help, the content decides. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Where the bytes are a piece of a larger body; absent for a whole one. */
  readonly piece?: PieceOfBody;
}

/** Where the records of a piece stand in their body; the piece begins with the header of the body. */
export interface PieceOfBody {
  /** Lines of the header. */
  readonly headerLines: number;
  /** Lines of the body between its header and the first record of the piece; 0 for the first piece. */
  readonly passed: number;
  /** Closing records that the pieces before it held; see {@link Decoded.closed}. */
  readonly closed: number;
}

/** What `recognise` sees: the start of a body as text, with damaged UTF-8 replaced. */
export interface PayloadHead {
  readonly name: string;
  /** At most {@link HEAD_BYTES} bytes of the body, cut anywhere. */
  readonly text: string;
  /** True when `text` is the whole body. */
  readonly whole: boolean;
  /** The last {@link TAIL_BYTES} bytes of a body that is longer than its head, cut anywhere; absent otherwise. */
  readonly tail?: string;
}

/** How much of a body `recognise` sees. */
export const HEAD_BYTES = 65_536;

/** How much of its end, where the head is not the whole of it. */
export const TAIL_BYTES = 4_096;

/**
 * One exchange to make. URLs are the operator's own and carry no secrets: the runner adds those, and sends the request
 * elsewhere where the origin is replaced (simulators, mirrors).
 */
export interface SourceRequest {
  readonly url: string;
  /** Base name that the payload gets. */
  readonly name: string;
  /** What the body covers. */
  readonly window: Interval;
  /** UTC micros: when the market is expected to have published it. Before that, absence is no failure. */
  readonly expectedAt: Micros;
  /** Largest body accepted, in bytes. */
  readonly maxBytes: number;
  /** What is sent, where a source is asked by POST. */
  readonly post?: { readonly contentType: string; readonly body: string };
  /** True for a listing: its answer has no rows, and names the requests that bring them (`Dataset.documents`). */
  readonly lists?: boolean;
  /** Which page of an answer it asks for, counted from 1; left out for the first one. */
  readonly page?: number;
}

/** What a plan may depend on besides its window. */
export interface PlanSettings {
  /** Reading of the clock, given by the runner. */
  readonly now: Micros;
  /** Choices that a dataset documents, such as `files: zone,gen`. */
  readonly options?: Readonly<Record<string, string>>;
  /** Hosts at which the runner has an account or a key: of several routes, one there is asked. */
  readonly signedIn?: readonly string[];
}

/** One number of a source row; `sanitize_numeric` brings the text into the house form. */
export interface SourceValue {
  readonly field: string;
  value: string | null;
  readonly unit: string;
}

/** Both stamps of an interval, as the source prints them. */
export interface PrintedBounds {
  readonly start: string;
  readonly end: string;
}

/** One row of a source on its way to a RawRow; the named transforms fill what is missing. */
export interface SourceRow {
  readonly location: string | null;
  readonly series: string | null;
  /** The source's own words for the time, unchanged. */
  readonly sourceTime: string;
  /** Zone column, repeated-hour flag or suffix, for conventions that need one. */
  readonly timeHint: string | null;
  /** Begin and end as printed beside `sourceTime`, for the convention `bounds`; null elsewhere. */
  readonly bounds: PrintedBounds | null;
  readonly values: SourceValue[];
  readonly sequence: number | null;
  readonly tradeId: string | null;
  readonly cancels: boolean;
  readonly publishedAt: Micros | null;
  /** As {@link RawRow.version}. */
  readonly version?: number;
  /** Line or record in the payload, counted from 1. */
  readonly row: number;
  /** NaN until `standardize_timezone` has resolved the words. UTC micros, half-open. */
  intervalStart: Micros;
  intervalEnd: Micros;
  /** Name of the rule that resolved the time. */
  timeRule: string;
}

/** A row set aside, with the reason and the place (K5: rows do not throw). */
export interface Rejection {
  readonly row: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly field: string;
  readonly expected: string;
  readonly got: string;
  readonly location: string | null;
  readonly series: string | null;
}

/** A column that the layout does not know: ignored, reported, counted. */
export interface Drift {
  readonly column: string;
  /** Counted from 1. */
  readonly at: number;
}

/** What `decode` read. With damage, the rows are those that stand before it. */
export interface Decoded {
  readonly rows: SourceRow[];
  readonly rejected: Rejection[];
  readonly drift: readonly Drift[];
  /** SOURCE_MALFORMED with the line where the body is damaged; null when it was read to its end. */
  readonly damage: CarbonError | null;
  /** SOURCE_MALFORMED for what shows that rows were left out, where those that are there are certain; absent otherwise. */
  readonly missing?: CarbonError | null;
  /** Where the layout of this body tells the time otherwise, or promises another completeness, than its dataset. */
  readonly layout?: Partial<Pick<Dataset, 'time' | 'coverage'>>;
  /** How many records closed the body, below its last row; absent where nothing closes it. */
  readonly closed?: number;
}

/** Rows that went on and rows that were set aside: together all rows that came in. */
export interface Transformed {
  readonly rows: SourceRow[];
  readonly rejected: Rejection[];
}

/**
 * A named transform: a pure function over the rows of one body, by what the dataset declares. It keeps their order and
 * may change rows in place. Where the rows are those of one piece, `order` is what is known of the whole body.
 */
export type Transform = (rows: readonly SourceRow[], dataset: Dataset, order?: RepeatedOrder) => Transformed;

/** How surely a dataset recognises a body: 0 not, 1 by its layout only, 2 by its content, 3 by content and name. */
export type Recognition = 0 | 1 | 2 | 3;

/** A field that a dataset publishes, for docs and the normalization rules. */
export interface PublishedField {
  readonly field: string;
  readonly unit: string;
  readonly what: string;
}

/** What the rows of one whole body must look like; checked after the transforms. */
export interface Coverage {
  /** Intervals of a location follow each other without gap or overlap. */
  readonly contiguous: boolean;
  /** All locations of a body begin and end together. */
  readonly sameSpan: boolean;
  /** The intervals of a location run forward, with gaps where there are some; absent means that order is free. */
  readonly forward?: boolean;
}

/** What a message is. Numbers of a channel count up by one, so that a message that is lost is seen. */
export type StreamMessage =
  | {
      readonly kind: 'data';
      readonly channel: string;
      readonly sequence: number;
      /** Read by the dataset's `decode`. */
      readonly payload: Payload;
    }
  | { readonly kind: 'alive' }
  /** The source refuses what was said to it. */
  | { readonly kind: 'refused'; readonly error: CarbonError };

/** How a dataset is followed. */
export interface StreamContract {
  /** The operator's address, without secrets. */
  readonly url: string;
  /** Said after each opening, in order: the subscriptions. */
  readonly subscribe: readonly string[];
  /** Said when nothing came for `everyMs`; null where the source speaks by itself. */
  readonly ping: string | null;
  readonly everyMs: number;
  /** A connection on which nothing at all came for so long is dead. */
  readonly silentMs: number;
  /** Longest message, in characters. */
  readonly maxLength: number;
  /** Throws nothing: what is no message of the stream is refused with SOURCE_MALFORMED. */
  read(text: string): StreamMessage;
}

/** Bounds of a field, as texts in its unit; what lies outside is flagged. */
export interface FieldBounds {
  readonly min?: string;
  readonly max?: string;
  readonly price?: boolean;
  readonly required?: boolean;
}

/** How normalization takes a dataset; keys and meanings are those of `configs/normalization_rules.yaml`. */
export interface DatasetRule {
  readonly kind: 'series' | 'trade';
  readonly product: string;
  readonly lateness?: string;
  readonly horizon?: string;
  readonly negative_prices?: boolean;
  readonly fields: Readonly<Record<string, FieldBounds>>;
}

/** One report of a market. */
export interface Dataset {
  /** Name of the list in `docs/datasets.md`, such as `da_lmp`. */
  readonly name: string;
  readonly title: string;
  readonly time: TimeConvention;
  /** Words, in lower case, that mean "no value" here, besides the blank. */
  readonly nullWords: readonly string[];
  readonly coverage: Coverage | null;
  readonly fields: readonly PublishedField[];
  /** True where the report tells what happens and not that nothing does (constraints that bind): no interval is missed. */
  readonly isSparse?: boolean;
  /** The rule that holds where the rules file does not speak of the dataset. */
  readonly rule?: DatasetRule;
  /** Pure. The name may break a tie; it never overrules the content. */
  recognise(head: PayloadHead): Recognition;
  /** The exchanges that bring a window, in order of time. Pure. */
  plan(window: Interval, settings: PlanSettings): SourceRequest[];
  /**
   * The request for the page after the one that a body is; null after the last page. For answers whose number of pages
   * is not known before; absent where a plan names all requests. Pure.
   */
  next?(request: SourceRequest, payload: Payload): SourceRequest | null;
  /**
   * The requests that the answer to a listing names, oldest first; their names are those of documents that never change.
   * Needed where `plan` gives listings. Throws SOURCE_UNRECOGNISED for a body that is no listing. Pure.
   */
  documents?(listing: SourceRequest, payload: Payload): SourceRequest[];
  /** How it is followed, where the source tells it by itself; `plan` is then the route that fills gaps. */
  readonly stream?: StreamContract;
  /**
   * Reads one body. Pure and synchronous. Throws SOURCE_EMPTY, SOURCE_NOT_DATA or SOURCE_COLUMN_MISSING when no row
   * can be read at all; damage further down is returned.
   */
  decode(payload: Payload): Decoded;
  /**
   * Whether a body of this head may be read in pieces: how many lines are its header, or null when it is only read whole.
   * Promise: `decode` of the pieces gives the rows, rejections, damage and drift of the body, as no record looks at another
   * (`docs/decisions/0008-bodies-in-pieces.md`). Absent where every body is read whole. Pure.
   */
  pieces?(head: PayloadHead): number | null;
}

/** The same dataset as one that tells only what happens. */
export const sparse = (dataset: Dataset): Dataset => ({ ...dataset, isSparse: true });

/** A market's datasets as a value. */
export interface Connector {
  /** `nyiso`; also the folder and the `source` of its rows. */
  readonly name: string;
  /** `NYISO`; `ANY` for a connector whose events name their market. */
  readonly market: string;
  readonly datasets: readonly Dataset[];
  /** Datasets that producers write to raw topics themselves: there is no payload to decode. */
  readonly pushed: readonly string[];
  /** Says what a foreign or refused body of this market is, for the error message; null when it cannot tell. */
  describe(head: PayloadHead): string | null;
  /**
   * The market's own refusal, when the body is one (whatever the HTTP status said): SOURCE_NO_DATA, SOURCE_BUSY or
   * SOURCE_REFUSED with the market's code and words. Asked before `recognise`; null for every other body. Pure.
   */
  refusal?(payload: Payload): CarbonError | null;
  /**
   * For a source that repeats the caller's secrets: the bytes without them, of the same length, before anything keeps
   * them. Pure; the same bytes for every other body.
   */
  redact?(bytes: Uint8Array): Uint8Array;
}
