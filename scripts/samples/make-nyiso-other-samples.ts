/**
 * Makes the NYISO samples and golden cases of constraints, sun, hour-ahead prices and old reserves, the same on every run:
 * `scripts/node scripts/samples/make-nyiso-other-samples.ts` writes them. The bodies are those of `nyiso-sample-others.ts`.
 */

import { writeFiles } from './case-folder.ts';
import { filesOf, type GoldenCase } from './golden-case.ts';
import { areaReserves, constraints, hourAhead, sun } from './nyiso-sample-others.ts';

const CASES: Readonly<Record<string, GoldenCase>> = {
  'da_constraints/autumn-night': {
    what: 'the repeated hour by its zone',
    ending: 'csv',
    body: constraints(false),
    sample: 'nyiso_20251102DAMLimitingConstraints.csv',
  },
  'rt_constraints/autumn-night': {
    what: 'the clock moves between two of five minutes',
    ending: 'csv',
    body: constraints(true),
    sample: 'nyiso_20251102LimitingConstraints.csv',
  },
  'solar_generation/autumn-night': {
    what: 'the repeated hour by its zone, CRLF',
    ending: 'csv',
    body: sun('solar_generation', true, false),
    sample: 'nyiso_20251102BTMEstimatedActual.csv',
  },
  'solar_generation/by-order': {
    what: 'the repeated hour by its order',
    ending: 'csv',
    body: sun('solar_generation', false, false),
  },
  'solar_forecast/spring-night': {
    what: 'the skipped hour is absent',
    ending: 'csv',
    body: sun('solar_forecast', false, true),
    sample: 'nyiso_20250309btmdaforecast.csv',
  },
  'hasp_lmp/spring-night': {
    what: 'the header of the other price files',
    ending: 'csv',
    body: hourAhead(),
    sample: 'nyiso_20250309hamlbmp_zone.csv',
  },
  'da_as_prices/areas': { what: 'an area to a column', ending: 'csv', body: areaReserves() },
};

/** Every file that this script makes: path from the root of the project → content. */
export function samples(): Map<string, string | Uint8Array> {
  return filesOf('nyiso', 'make-nyiso-other-samples.ts', CASES);
}

if (import.meta.main) writeFiles(samples());
