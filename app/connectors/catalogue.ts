/**
 * Every connector of the program: those with code, and those that a `connector.yaml` alone describes. Read once per
 * process, when somebody asks first.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector } from '../../connectors/kit/contract.ts';
import { declaredConnector } from '../../connectors/kit/declared/dataset.ts';
import { CarbonError } from '../../core/errors.ts';
import { codedConnectors } from './coded.ts';
import { declarationOf } from './declared-schema.ts';
import { connectorsFolder, inspectText, type Manifest, requireManifest } from './manifest.ts';

/** What a folder of connectors holds. */
export interface Catalogue {
  /** In order of name. */
  readonly connectors: readonly Connector[];
  /** Files without code that are not good: by the name of their folder. Whoever names one gets its error. */
  readonly broken: ReadonlyMap<string, CarbonError>;
}

const catalogues = new Map<string, Catalogue>();

/** The connectors of the program. */
export function allConnectors(): readonly Connector[] {
  return catalogueOf(connectorsFolder()).connectors;
}

/** What a folder holds besides the connectors with code; the first reading stands. */
export function catalogueOf(folder: string): Catalogue {
  return catalogues.getOrInsertComputed(folder, readCatalogue);
}

function readCatalogue(folder: string): Catalogue {
  const declared: Connector[] = [];
  const broken = new Map<string, CarbonError>();
  const withCode = codedConnectors();
  const coded = new Set(withCode.map(({ name }) => name));
  for (const { name } of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, name, 'connector.yaml');
    if (coded.has(name) || !existsSync(path)) continue;
    try {
      declared.push(connectorOf(requireManifest(inspectText(path, readFileSync(path, 'utf8'))), name));
    } catch (error) {
      if (!(error instanceof CarbonError)) throw error;
      broken.set(name, error);
    }
  }
  const connectors = [...withCode, ...declared].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { connectors, broken };
}

/** The connector that a manifest describes. Throws CONNECTOR_INVALID when its folder has another name. */
export function connectorOf(manifest: Manifest, folder: string): Connector {
  if (manifest.name !== folder)
    throw new CarbonError('CONNECTOR_INVALID', `connectors/${folder} holds the connector ${manifest.name}`, {
      position: { field: 'name', expected: folder, got: manifest.name },
    });
  return declaredConnector({
    name: manifest.name,
    market: manifest.market,
    datasets: manifest.datasets.flatMap((entry) => declarationOf(entry) ?? []),
    secrets: manifest.auth.flatMap((scheme) => (scheme.kind === 'query' ? [scheme.name] : [])),
  });
}

/** The connector of a name. Throws CONNECTOR_UNKNOWN with the names there are, or what is wrong with its file. */
export function connectorNamed(name: string): Connector {
  const { connectors, broken } = catalogueOf(connectorsFolder());
  const wanted = name.toLowerCase();
  const found = connectors.find((connector) => connector.name === wanted);
  if (found !== undefined) return found;
  const problem = broken.get(wanted);
  if (problem !== undefined) throw problem;
  const expected = connectors.map((connector) => connector.name).join(', ');
  throw new CarbonError('CONNECTOR_UNKNOWN', `no connector ${name}; there is: ${expected}`, {
    position: { field: 'connector', expected, got: name },
  });
}
