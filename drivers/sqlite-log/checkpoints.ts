/**
 * Checkpoints beside the thread that appends. A checkpoint writes what the write-ahead log has gathered into the database
 * file and waits for the disk twice: done by a commit, as SQLite does it by itself, it stops the whole event loop for 20 to
 * 200 ms about every sixteen megabytes.
 *
 * A process that appends little has no such thread, and leaves its checkpoints to its commits.
 */

import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';

/** Bytes appended from one checkpoint to the next: below the sixteen megabytes at which a commit would do it. */
const EVERY_BYTES = 8 * 1024 * 1024;
/** Pages of the write-ahead log at which a commit does it after all: the thread has fallen behind. */
const MOST_PAGES = 8192;
/** SQLite's own number of pages, for when there is no thread. */
const USUAL_PAGES = 1000;

/** Checkpoints of one connection's appends. */
export class Checkpoints {
  private readonly db: DatabaseSync;
  private readonly path: string;
  private thread: Worker | null = null;
  private isAtWork = false;
  private hasFailed = false;
  private appended = 0;

  /** `path` is the file that `db` has open. */
  constructor(db: DatabaseSync, path: string) {
    this.db = db;
    this.path = path;
  }

  /** Notes that so many bytes were appended, and has them checkpointed when it is time. */
  note(bytes: number): void {
    this.appended += bytes;
    if (this.appended < EVERY_BYTES || this.isAtWork || this.hasFailed) return;
    this.appended = 0;
    this.isAtWork = true;
    this.thread ??= this.open();
    this.thread.postMessage(null);
  }

  /** Ends the thread; what is left to checkpoint is done when the last connection closes. */
  async close(): Promise<void> {
    const { thread } = this;
    this.thread = null;
    this.hasFailed = true;
    await thread?.terminate();
  }

  private open(): Worker {
    const thread = new Worker(new URL('./checkpoint-thread.ts', import.meta.url), { workerData: this.path });
    thread.on('message', () => {
      this.isAtWork = false;
    });
    thread.on('error', () => this.leaveToCommits());
    // After the listeners: one of them alone would keep the process.
    thread.unref();
    this.db.exec(`pragma wal_autocheckpoint = ${MOST_PAGES}`);
    return thread;
  }

  /** A disk that is full, or fails, is met by the next commit, which tells its caller. */
  private leaveToCommits(): void {
    this.hasFailed = true;
    this.thread = null;
    if (this.db.isOpen) this.db.exec(`pragma wal_autocheckpoint = ${USUAL_PAGES}`);
  }
}
