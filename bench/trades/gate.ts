/**
 * The gate in front of every timing: bars made from the file alone, in SQL, and the bars that the pipeline stored must
 * be equal in every column, and no tick may be missing or there twice. `gate.ts FILE DIR` after a run into DIR; prints
 * one JSON line and ends with 1 when anything differs.
 */

import { join, resolve } from 'node:path';
import { openChdb } from '../../drivers/chdb/warehouse.ts';
import { compareBars, isExact, STORED_BARS } from './oracle.ts';

const [file, dir] = process.argv.slice(2);
const warehouse = await openChdb(join(resolve(dir), 'warehouse'));
const report = await compareBars(warehouse, file, STORED_BARS);
console.log(JSON.stringify(report));
await warehouse.close();
process.exit(isExact(report) ? 0 : 1);
