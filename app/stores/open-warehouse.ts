/** Opens the warehouse of a data directory, whoever owns it: the running daemon, or else this process. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CarbonError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Queries, Warehouse } from '../../core/ports/warehouse.ts';
import type { HttpFront } from '../../drivers/chdb/http-front.ts';
import { ownerOf } from '../../drivers/chdb/owner.ts';
import { isOwnSocket, warehouseSocketPath } from '../../drivers/chdb/socket-path.ts';
import type { ChdbWarehouse } from '../../drivers/chdb/warehouse.ts';

/** Where the warehouse lies, and whether this process lets others in. */
export interface OpenOptions {
  /** The product's data directory; the warehouse lies in its folder `warehouse`. Made when absent. */
  readonly dataDir: string;
  readonly clock: Clock;
  /** Let other processes in over the local socket, when this process becomes the owner. */
  readonly serve?: boolean;
}

/** A warehouse and how it is reached. Closing it also closes the front. */
export interface OpenWarehouse extends Warehouse {
  /** True when this process owns the directory. */
  readonly isOwner: boolean;
  /**
   * For readers beside the pipeline: where the engine is in this process their queries run next to its own, and next to
   * those of every other guest. Meant to be called once by each of them.
   */
  openGuests(): Queries;
}

const TRIES = 100;
/**
 * The engine does not say why it refuses a directory. Another process may have taken the lock a moment ago and not yet
 * written who it is, or may have died since: a second look tells.
 */
const TRIES_REFUSED = 8;
const PAUSE_MS = 150;

function triesFor(error: CarbonError): number {
  if (error.code === 'STORE_BUSY') return TRIES;
  return error.code === 'STORE_REFUSED' ? TRIES_REFUSED : 1;
}

/**
 * Over the socket when somebody answers there, otherwise by taking the directory. A process that serves goes on when the
 * owner dies: at the next call it finds the new owner, or becomes it.
 * Throws STORE_BUSY when the directory is taken and nobody answers for about fifteen seconds: the owner may be
 * starting, or be a command that does not serve.
 */
export async function openWarehouse(options: OpenOptions): Promise<OpenWarehouse> {
  mkdirSync(options.dataDir, { recursive: true });
  const socketPath = warehouseSocketPath(options.dataDir);
  const directory = join(options.dataDir, 'warehouse');
  for (let attempt = 1; ; attempt++) {
    const remote = await connect(socketPath);
    if (remote !== null)
      return options.serve === true ? followingOwner(remote, directory, socketPath) : remote;
    try {
      // The engine complains on standard error when the lock is taken: it is not asked in vain again and again.
      const isTaken = attempt > 1 && attempt < TRIES && ownerOf(directory) !== null;
      if (!isTaken) return await own(await openEngine(directory), options.serve === true ? socketPath : null);
    } catch (error) {
      if (!(error instanceof CarbonError) || attempt >= triesFor(error)) throw error;
    }
    await options.clock.sleep(PAUSE_MS);
  }
}

/** A warehouse of another process: everybody is its guest. */
export function remoteWarehouse(warehouse: Warehouse): OpenWarehouse {
  return withOwner(
    warehouse,
    false,
    () => warehouse,
    () => warehouse.close(),
  );
}

async function connect(socketPath: string): Promise<OpenWarehouse | null> {
  if (!isOwnSocket(socketPath)) return null;
  const { openClickHouse } = await import('../../drivers/clickhouse/warehouse.ts');
  const warehouse = openClickHouse({ socketPath });
  if (await warehouse.answers()) return remoteWarehouse(warehouse);
  await warehouse.close();
  return null;
}

/**
 * Opens the directory with the engine, which is loaded here and nowhere before: the cluster profile, and who asks another
 * process, run without it, and there is no library of it for every machine. Throws RUNTIME_UNSUITABLE where there is none.
 */
async function openEngine(directory: string): Promise<ChdbWarehouse> {
  const { openChdb } = await import('../../drivers/chdb/warehouse.ts').catch((cause: unknown) => {
    const machine = `${process.platform} ${process.arch}`;
    throw new CarbonError(
      'RUNTIME_UNSUITABLE',
      `chDB, the engine of the embedded profile, cannot be loaded: there is no library for ${machine} here; the cluster profile needs none`,
      { cause, position: { field: '--profile', expected: 'cluster', got: 'embedded' } },
    );
  });
  return openChdb(directory);
}

async function own(warehouse: ChdbWarehouse, socketPath: string | null): Promise<OpenWarehouse> {
  let front: HttpFront | null = null;
  try {
    if (socketPath !== null) {
      // Who neither serves nor asks another process loads no HTTP: a fourteenth of a short command's work.
      const { serveWarehouse } = await import('../../drivers/chdb/http-front.ts');
      front = await serveWarehouse(warehouse, socketPath);
    }
  } catch (error) {
    await warehouse.close();
    throw error;
  }
  return withOwner(
    warehouse,
    true,
    () => warehouse.openGuests(),
    async () => {
      await front?.close();
      await warehouse.close();
    },
  );
}

/**
 * A warehouse whose owner may change. The call that finds nobody fails with STORE_UNREACHABLE, as it would anyway; by
 * the time it is repeated, another owner is found or this process is the owner.
 */
function followingOwner(first: OpenWarehouse, directory: string, socketPath: string): OpenWarehouse {
  let current = first;
  let search: Promise<void> | null = null;
  const findOwner = async (): Promise<void> => {
    const remote = await connect(socketPath);
    const found =
      remote ?? (ownerOf(directory) === null ? await own(await openEngine(directory), socketPath) : null);
    if (found === null) return;
    const left = current;
    current = found;
    await left.close();
  };
  const through = async <T>(work: (warehouse: OpenWarehouse) => Promise<T>): Promise<T> => {
    try {
      return await work(current);
    } catch (error) {
      if (!(error instanceof CarbonError) || error.code !== 'STORE_UNREACHABLE' || current.isOwner)
        throw error;
      // Who is not found this time is looked for again at the next call.
      search ??= findOwner().catch(() => {});
      await search;
      search = null;
      throw error;
    }
  };
  return {
    get isOwner() {
      return current.isOwner;
    },
    openGuests: () => {
      let owner = current;
      let guests = owner.openGuests();
      const ofOwner = (): Queries => {
        if (owner !== current) {
          owner = current;
          guests = owner.openGuests();
        }
        return guests;
      };
      return {
        queryColumns: (sql, parameters) => through(() => ofOwner().queryColumns(sql, parameters)),
        queryRows: (sql, parameters) => through(() => ofOwner().queryRows(sql, parameters)),
        queryText: (sql, format, parameters) => through(() => ofOwner().queryText(sql, format, parameters)),
      };
    },
    insertBlock: (table, block, token) => through((w) => w.insertBlock(table, block, token)),
    queryColumns: (sql, parameters) => through((w) => w.queryColumns(sql, parameters)),
    queryRows: (sql, parameters) => through((w) => w.queryRows(sql, parameters)),
    queryText: (sql, format, parameters) => through((w) => w.queryText(sql, format, parameters)),
    execute: (sql, parameters) => through((w) => w.execute(sql, parameters)),
    close: async () => {
      await search;
      await current.close();
    },
  };
}

function withOwner(
  warehouse: Warehouse,
  isOwner: boolean,
  openGuests: () => Queries,
  close: () => Promise<void>,
): OpenWarehouse {
  return {
    isOwner,
    openGuests,
    insertBlock: (table, block, token) => warehouse.insertBlock(table, block, token),
    queryColumns: (sql, parameters) => warehouse.queryColumns(sql, parameters),
    queryRows: (sql, parameters) => warehouse.queryRows(sql, parameters),
    queryText: (sql, format, parameters) => warehouse.queryText(sql, format, parameters),
    execute: (sql, parameters) => warehouse.execute(sql, parameters),
    close,
  };
}
