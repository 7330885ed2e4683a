/**
 * The sockets to a server, ours to end. The client says goodbye and waits until the server hangs up: one that is frozen, or
 * cut off without a word, never does, and a process with an open socket does not end.
 */

import { Socket } from 'node:net';

/** Patience with the server when connections are closed, in milliseconds. */
const GOODBYE_MS = 2_000;

export class OpenSockets {
  private readonly open = new Set<Socket>();

  /** A socket for the next connection. */
  readonly make = (): Socket => {
    const socket = new Socket();
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    return socket;
  };

  /**
   * Waits until the goodbyes are over and the server has hung up, and no longer than {@link GOODBYE_MS}: what is open then
   * is broken off, and who waits for an answer on it hears that the connection is gone. Sockets made from now on stay.
   */
  async close(goodbyes: Promise<unknown>): Promise<void> {
    const sockets = [...this.open];
    const hungUp = sockets.map((socket) => new Promise((done) => socket.once('close', done)));
    const isOver = Promise.all([goodbyes, ...hungUp]);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((done) => {
      timer = setTimeout(done, GOODBYE_MS);
    });
    try {
      await Promise.race([isOver, late]);
    } finally {
      clearTimeout(timer);
    }
    for (const socket of sockets) socket.destroy();
    await isOver;
  }
}
