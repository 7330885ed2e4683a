/** Collections on request: memory that waits to be collected swings by more than what a long run is looked at for. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What collects all that nobody refers to any more in this thread, while it waits. */
export function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
