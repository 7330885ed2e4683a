/** The thread of `checkpoints.ts`: one checkpoint of the database whenever it is asked. */

import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

const db = new DatabaseSync(String(workerData), { timeout: 10_000 });

parentPort?.on('message', () => {
  // The first does the work and locks nobody out. The second has little left to do and lets writers begin at the front of
  // the file again, for which it holds the write lock: without it a log that is written all the time would only grow.
  db.exec('pragma wal_checkpoint(passive)');
  db.exec('pragma wal_checkpoint(restart)');
  parentPort?.postMessage(null);
});
