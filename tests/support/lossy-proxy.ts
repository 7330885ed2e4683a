/** A TCP proxy that loses answers: what a client sends arrives, and what comes back does not. */

import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** Number of Produce among the requests of Kafka. */
const PRODUCE = 0;

export class LossyProxy {
  /** Produce requests whose answers are still to be lost, each together with its connection. */
  lose = 0;
  /** Answers that were lost. */
  lost = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly target: number;

  private constructor(target: number) {
    this.target = target;
    this.server = createServer((client) => this.connect(client));
  }

  static async listen(port: number, target: number): Promise<LossyProxy> {
    const proxy = new LossyProxy(target);
    await new Promise<void>((done, fail) => {
      proxy.server.once('error', fail);
      proxy.server.listen(port, '127.0.0.1', done);
    });
    return proxy;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private connect(client: Socket): void {
    const broker = createConnection({ host: '127.0.0.1', port: this.target });
    let swallow = false;
    let expected = 0;
    for (const socket of [client, broker]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        broker.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      // Requests follow each other on the wire: each begins with its length and its number.
      let at = expected;
      while (at + 6 <= chunk.length) {
        if (chunk.readInt16BE(at + 4) === PRODUCE && this.lose > 0) {
          this.lose--;
          swallow = true;
        }
        at += 4 + chunk.readInt32BE(at);
      }
      expected = Math.max(0, at - chunk.length);
      broker.write(chunk);
    });
    broker.on('data', (chunk: Buffer) => {
      if (!swallow) {
        client.write(chunk);
        return;
      }
      this.lost++;
      client.destroy();
    });
  }
}
