/** Finds the dataset of a body among connectors: by content, with the name as help, never by guessing. */

import { CarbonError } from '../../core/errors.ts';
import type { Connector, Dataset, Payload, PayloadHead } from './contract.ts';
import { firstLine, headOf, requireText } from './payload.ts';

/** What the caller knows already; letters of either case. */
export interface Asked {
  readonly market?: string | undefined;
  readonly dataset?: string | undefined;
}

/** A dataset with the connector that owns it. */
export interface Found {
  readonly connector: Connector;
  readonly dataset: Dataset;
}

/**
 * The dataset that reads this body. A dataset that is asked for names a family: itself and its variants (`rt_lmp` and
 * `rt_lmp_15min`), among which the content decides; where it does not, the dataset itself is taken as asked if one
 * market has it.
 * Throws the market's own refusal when the body is one; CONNECTOR_UNKNOWN (no such market or dataset); SOURCE_EMPTY (also
 * for a header alone that does not tell its report) and SOURCE_NOT_DATA for a body without rows; SOURCE_UNRECOGNISED with what was seen.
 */
export function recognise(connectors: readonly Connector[], payload: Payload, asked: Asked = {}): Found {
  const candidates = candidatesFor(connectors, asked);
  for (const connector of connectorsOf(candidates)) {
    const refusal = connector.refusal?.(payload) ?? null;
    if (refusal !== null) throw refusal;
  }
  const wanted = asked.dataset?.toLowerCase();
  if (wanted !== undefined && candidates.length === 1) return candidates[0] as Found;
  const head = headOf(payload);
  const best = mostSure(candidates, head);
  if (best.length === 1) return best[0] as Found;
  const named = (best.length === 0 ? candidates : best).filter((found) => found.dataset.name === wanted);
  if (named.length === 1) return named[0] as Found;
  requireText(payload);
  if (isHeaderAlone(head)) throw headerAlone(head, seenIn(connectorsOf(candidates), head));
  throw best.length > 1 ? undecided(best, payload) : unrecognised(connectorsOf(candidates), head);
}

/** True for one line of names alone: a report that is being written, whose rows would have told which one it is. */
function isHeaderAlone(head: PayloadHead): boolean {
  const line = head.text.trim();
  if (!head.whole || line.length > 4_000 || /[\n\r]/.test(line) || /^[[{<]/.test(line)) return false;
  const cells = line.split(',').map((cell) => cell.replaceAll('"', '').trim());
  const isName = (cell: string): boolean =>
    cell.split(/\s+/).length <= 6 && /^[A-Za-z(].*[^.:!?]$/.test(cell);
  return cells.length >= 3 && cells.every((cell) => cell === '' || isName(cell));
}

function headerAlone(head: PayloadHead, seen: string | null): CarbonError {
  const line = firstLine(head.text);
  const what = seen === null ? '' : `: ${seen}`;
  return new CarbonError('SOURCE_EMPTY', `the body has a header and no row${what}`, {
    position: {
      ...(head.name === '' ? {} : { file: head.name }),
      line: 1,
      expected: 'rows below the names of columns',
      got: line,
    },
  });
}

/** The candidates that recognise the head most surely; none when no one does. */
function mostSure(candidates: readonly Found[], head: PayloadHead): Found[] {
  let best: Found[] = [];
  let score = 0;
  for (const found of candidates) {
    const surely = found.dataset.recognise(head);
    if (surely > score) {
      best = [found];
      score = surely;
    } else if (surely === score && score > 0) best.push(found);
  }
  return best;
}

function candidatesFor(connectors: readonly Connector[], asked: Asked): Found[] {
  const market = asked.market?.toUpperCase();
  const ofMarket = market === undefined ? connectors : connectors.filter((c) => c.market === market);
  const readable = (c: Connector): boolean => c.datasets.length > 0;
  if (!ofMarket.some(readable)) {
    const markets = [...new Set(connectors.filter(readable).map((c) => c.market))];
    throw unknown('market', asked.market ?? '', markets);
  }
  const all = ofMarket.flatMap((connector) => connector.datasets.map((dataset) => ({ connector, dataset })));
  if (asked.dataset === undefined) return all;
  const wanted = asked.dataset.toLowerCase();
  const named = all.filter(({ dataset }) => dataset.name === wanted || dataset.name.startsWith(`${wanted}_`));
  if (named.length === 0)
    throw unknown('dataset', asked.dataset, [...new Set(all.map((found) => found.dataset.name))]);
  return named;
}

function unknown(field: string, got: string, known: readonly string[]): CarbonError {
  const expected = known.map((name) => (field === 'market' ? name.toLowerCase() : name)).join(', ');
  return new CarbonError('CONNECTOR_UNKNOWN', `no ${field} ${got} is known; there is: ${expected}`, {
    position: { field, expected, got },
  });
}

const connectorsOf = (candidates: readonly Found[]): Connector[] => [
  ...new Set(candidates.map((found) => found.connector)),
];

/** What the markets take a head for; null where none knows it. */
function seenIn(connectors: readonly Connector[], head: PayloadHead): string | null {
  for (const connector of connectors) {
    const seen = connector.describe(head);
    if (seen !== null) return seen;
  }
  return null;
}

function unrecognised(connectors: readonly Connector[], head: PayloadHead): CarbonError {
  const seen = seenIn(connectors, head);
  const line = firstLine(head.text);
  // Of one market all datasets; of all markets that would be two hundred.
  const [only] = connectors;
  const expected =
    connectors.length === 1
      ? only.datasets.map((d) => `${only.market} ${d.name}`).join(', ')
      : `a report of ${[...new Set(connectors.map((c) => c.market))].join(', ')}`;
  const message = `no dataset recognises this body: ${seen ?? `it begins with "${line}"`}`;
  return new CarbonError('SOURCE_UNRECOGNISED', message, {
    position: { ...(head.name === '' ? {} : { file: head.name }), line: 1, expected, got: seen ?? line },
  });
}

function undecided(best: readonly Found[], payload: Payload): CarbonError {
  const names = best.map((found) => `${found.connector.market} ${found.dataset.name}`).join(', ');
  return new CarbonError('SOURCE_UNRECOGNISED', `the body may be ${names}; name one with --dataset`, {
    position: { ...(payload.name === '' ? {} : { file: payload.name }), expected: 'one dataset', got: names },
  });
}
