/** Every connector with code, and the one for events that producers push themselves. One line per market. */

import { caiso } from './caiso/index.ts';
import { eia } from './eia/index.ts';
import { ercot } from './ercot/index.ts';
import { ieso } from './ieso/index.ts';
import { isone } from './isone/index.ts';
import type { Connector } from './kit/contract.ts';
import { miso } from './miso/index.ts';
import { nyiso } from './nyiso/index.ts';
import { pjm } from './pjm/index.ts';
import { spp } from './spp/index.ts';

/** Trades as JSON on a raw topic: normalization reads them, there is no body to decode. */
const generic: Connector = {
  name: 'generic',
  market: 'ANY',
  datasets: [],
  pushed: ['trade'],
  describe: () => null,
};

/** In order of name. */
export const CONNECTORS: readonly Connector[] = [
  caiso,
  eia,
  ercot,
  generic,
  ieso,
  isone,
  miso,
  nyiso,
  pjm,
  spp,
];
