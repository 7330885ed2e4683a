/**
 * What a start asks of the connectors: their markets and the rules that their datasets bring. Only code can tell, and
 * loading all decoders for it would be a fifth of a short command's work. So what they told is kept beside the compiled
 * code, for as long as no file below `connectors/` is another; else they are asked again.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Connector, DatasetRule } from '../../connectors/kit/contract.ts';
import { fileStates, keepIn, keptIn } from '../config/file-states.ts';
import { hasVariable } from '../config/kept-values.ts';
import type { Catalogue } from './catalogue.ts';

/** The rule that a dataset brings itself. */
export interface OwnRule {
  readonly market: string;
  readonly dataset: string;
  readonly rule: DatasetRule;
}

/** What follows from the connectors for a start, in the order of their names. */
export interface StartFacts {
  /** Markets, each once; without that of events that name their own. */
  readonly markets: readonly string[];
  readonly ownRules: readonly OwnRule[];
}

const load = createRequire(import.meta.url);
let known: StartFacts | null = null;

/** The facts of the program's connectors; the first reading stands, as that of the connectors themselves does. */
export function startFacts(): StartFacts {
  known ??= keptFacts(resolve(import.meta.dirname, '../../connectors'), (folder) => {
    const { catalogueOf } = load('./catalogue.ts') as typeof import('./catalogue.ts');
    return catalogueOf(folder);
  });
  return known;
}

/** What connectors tell a start. */
export function factsOf(connectors: readonly Connector[]): StartFacts {
  const markets = connectors.flatMap(({ market }) => (market === 'ANY' ? [] : [market]));
  return { markets: [...new Set(markets)], ownRules: connectors.flatMap(ownRulesOf) };
}

/** The rules that the datasets of a connector bring. */
export function ownRulesOf({ market, datasets }: Pick<Connector, 'market' | 'datasets'>): OwnRule[] {
  return datasets.flatMap(({ name, rule }) => (rule === undefined ? [] : [{ market, dataset: name, rule }]));
}

/**
 * The facts of a folder of connectors: those that were kept while its files are as they were, else of what `read` reads
 * there, which are kept. Never kept is what may be other facts next time although no file is: files without code that
 * are not good now, or that have variables. `began` is for tests.
 */
export function keptFacts(
  folder: string,
  read: (folder: string) => Pick<Catalogue, 'connectors' | 'broken'>,
  began?: number,
): StartFacts {
  const states = fileStates([folder], began);
  const kept = states && keptIn(states, 'start', folder);
  if (isFacts(kept)) return kept;
  const { connectors, broken } = read(folder);
  const facts = factsOf(connectors);
  // Files that were edited while they were read are not in one state.
  if (states === null || states.hash !== fileStates([folder], began)?.hash) return facts;
  const isManifest = (file: string): boolean => file.endsWith('/connector.yaml');
  const isLasting =
    broken.size === 0 &&
    !states.files.some((file) => isManifest(file) && hasVariable(readFileSync(file, 'utf8')));
  if (isLasting) keepIn(states, 'start', folder, facts);
  return facts;
}

function isFacts(value: unknown): value is StartFacts {
  const { markets, ownRules } = (value ?? {}) as Partial<StartFacts>;
  return Array.isArray(markets) && Array.isArray(ownRules);
}
