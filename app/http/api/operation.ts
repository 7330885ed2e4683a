/** Operations of the read API: a question as schemas, an example, and a function that reads. */

import type { z } from 'zod';
import type { Row } from '../../../core/ports/warehouse.ts';
import type { Micros } from '../../../core/time/instant.ts';
import type { Page } from '../../read/page.ts';
import type { Stores } from '../../stores/open-stores.ts';

/** What an operation reads from: the stores as one tenant sees them, through the gate. */
export interface ReadScope {
  readonly stores: Stores;
  readonly tenant: string;
  /** When the question was asked. */
  readonly now: Micros;
}

interface Asked {
  /** `/v1/bars/{instrument}` */
  readonly path: string;
  /** Name of the operation in the OpenAPI document. */
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  /** What may stand behind the question mark; unknown names are refused. */
  readonly query: z.ZodObject;
  /** A question that works, for the document and the page of links. */
  readonly example: string;
}

/** A question whose answer is a list, read in pages or as a stream. */
export interface ListOperation extends Asked {
  readonly kind: 'list';
  readonly row: z.ZodObject;
  /**
   * The rows after a place, in the operation's order. Throws NOT_FOUND for an instrument that the tenant does not have,
   * REQUEST_INVALID for parameters that do not go together.
   */
  read(scope: ReadScope, asked: Question, page: Page): Promise<Row[]>;
  /** The place of a row in the order: what the next page goes on after. */
  placeOf(row: Row, asked: Question): string[];
}

/** A question with one answer. */
export interface SingleOperation extends Asked {
  readonly kind: 'single';
  readonly answer: z.ZodObject;
  /** Throws NOT_FOUND where there is none. */
  read(scope: ReadScope, asked: Question): Promise<object>;
}

/** Any operation. */
export type Operation = ListOperation | SingleOperation;

/** A question that was checked: the instrument or the curve of the path, and the parameters. */
export interface Question {
  /** Empty where the path names none. */
  readonly instrument: string;
  /** The same for a curve. */
  readonly curve: string;
  readonly query: Readonly<Record<string, unknown>>;
}

/** A parameter that is a text or absent; its schema has seen to that. */
export function textOf(question: Question, name: string): string | undefined {
  const value = question.query[name];
  return typeof value === 'string' ? value : undefined;
}
