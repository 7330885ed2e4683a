/** `carbon version`. */

import { CODE_VERSION } from '../../version.ts';
import { print } from '../output.ts';
import { type GlobalOptions, show } from '../session.ts';

/** The version alone, or with `--json` that of the runtime too. */
export async function version(globals: GlobalOptions): Promise<void> {
  if (globals.json === true || globals.output !== undefined)
    await show(
      [
        {
          version: CODE_VERSION,
          node: process.versions.node,
          platform: `${process.platform}-${process.arch}`,
        },
      ],
      globals,
    );
  else await print(`carbon ${CODE_VERSION}\n`);
}
