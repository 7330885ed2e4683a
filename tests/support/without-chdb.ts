/** For NODE_OPTIONS=--import: a machine for which there is no library of chDB. */

import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'chdb') throw new Error('no library of chDB for this machine');
    return next(specifier, context);
  },
});
