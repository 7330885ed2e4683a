/**
 * The connectors with code, loaded when somebody asks first: decoders are a fifth of what a start may cost, and who reads,
 * projects or aggregates has no body to decode. They are loaded in one go, since those who ask do not wait; Node refuses
 * that while a module of theirs is on its way by an `import()` elsewhere (`tests/house/late-imports.ts`).
 */

import { createRequire } from 'node:module';
import type { Connector } from '../../connectors/kit/contract.ts';

const load = createRequire(import.meta.url);

/** Every connector with code, in order of name. */
export function codedConnectors(): readonly Connector[] {
  const catalog = load('../../connectors/catalog.ts') as typeof import('../../connectors/catalog.ts');
  return catalog.CONNECTORS;
}
