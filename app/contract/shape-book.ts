/** The shapes of a dataset that are known: those that its bodies had, or that somebody has accepted. */

import { changesOf, likeness, type SourceShape } from '../../connectors/kit/shape.ts';
import type { LedgerScope } from '../../core/ports/interval-ledger.ts';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';

/** Shapes kept of one dataset: layouts of several eras, files of several kinds. */
const KEPT = 24;
/** Shapes that have less in common are two forms of a report, and no change of one. */
const ALIKE = 0.5;

/** How a body comes: fetched or loaded, or as a message of a stream, which prints the same rows in another form. */
export type Route = 'body' | 'message';

/** Whose shapes are compared with each other. */
export const shapeScope = (
  tenant: string,
  connector: string,
  dataset: string,
  route: Route,
): LedgerScope => ({ tenant, connector, dataset: route === 'body' ? dataset : `${dataset}/messages` });

const nameOf = ({ tenant, connector, dataset }: LedgerScope): string =>
  `shapes/${tenant}/${connector}/${dataset}`;

/** Known shapes, the one learnt last at the end; none before the first body. */
export async function knownShapes(
  reference: Pick<ReferenceStore, 'loadCursor'>,
  scope: LedgerScope,
): Promise<SourceShape[]> {
  const text = await reference.loadCursor(nameOf(scope));
  return text === null ? [] : (JSON.parse(text) as SourceShape[]);
}

/** Adds a shape to those that are known. The same again changes nothing. */
export async function learnShape(
  reference: Pick<ReferenceStore, 'loadCursor' | 'saveCursor'>,
  scope: LedgerScope,
  shape: SourceShape,
): Promise<void> {
  const known = await knownShapes(reference, scope);
  const text = JSON.stringify(shape);
  if (known.some((each) => JSON.stringify(each) === text)) return;
  await reference.saveCursor(nameOf(scope), JSON.stringify([...known, shape].slice(-KEPT)));
}

/** The known shape of which another has the fewest changes, the latest of equals; null where none is like it at all. */
export function nearestShape(known: readonly SourceShape[], shape: SourceShape): SourceShape | null {
  let best: SourceShape | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const each of known) {
    if (likeness(each, shape) < ALIKE) continue;
    const changes = changesOf(each, shape).length;
    if (changes <= fewest) [best, fewest] = [each, changes];
  }
  return best;
}
