/** `carbon cache warm`: running services take in the reference data anew, before they need it. */

import { type GlobalOptions, note, show, withStores } from '../session.ts';

/** Raises the version of the tenant's reference data, which every service sees with its next plan; prints what there is. */
export async function warm(globals: GlobalOptions): Promise<void> {
  await withStores(globals, false, async (stores) => {
    const { tenant } = stores.runtime;
    const version = await stores.reference.raiseReferenceVersion(tenant);
    let entries = 0;
    for (let after = ''; ; ) {
      const page = await stores.reference.listInstruments(tenant, after, 2000);
      const last = page.at(-1);
      if (last === undefined) break;
      entries += page.length;
      after = last.instrumentId;
    }
    await show([{ cache: 'taxonomy', tenant, entries, version }], globals);
    note('services that run take the entries in with their next plan');
  });
}
