/** Where the owner of a warehouse listens. */

import { lstatSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { shortHash } from './scratch.ts';

/** Longest path of a local socket that every system takes (Linux has 107 bytes, macOS 103). */
const LONGEST = 100;

/**
 * The socket of the warehouse of a data directory, decided alike by both sides: inside the directory, or, where that
 * path would be too long, in the temporary folder under a name made from it.
 */
export function warehouseSocketPath(dataDir: string): string {
  const real = realOf(dataDir);
  const inside = join(real, 'warehouse.sock');
  return Buffer.byteLength(inside) <= LONGEST ? inside : join(tmpdir(), `carbon-${shortHash(real)}.sock`);
}

function realOf(dataDir: string): string {
  try {
    return realpathSync(dataDir);
  } catch {
    return resolve(dataDir);
  }
}

/** True when the path is a socket of this user: nobody else's is ever talked to. */
export function isOwnSocket(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isSocket() === true && found.uid === process.getuid?.();
}
