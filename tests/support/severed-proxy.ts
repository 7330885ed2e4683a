/** A TCP proxy that can be cut: connections through it break, and new ones are refused, until it is mended. */

import { createConnection, createServer, type Server, type Socket } from 'node:net';

export class SeveredProxy {
  readonly port: number;
  private readonly target: number;
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;

  private constructor(port: number, target: number) {
    this.port = port;
    this.target = target;
  }

  /** Listens on a port and passes everything on to another one of this machine. */
  static async listen(port: number, target: number): Promise<SeveredProxy> {
    const proxy = new SeveredProxy(port, target);
    await proxy.mend();
    return proxy;
  }

  /** Breaks all connections; resolves when new ones are refused. */
  async sever(): Promise<void> {
    const { server } = this;
    this.server = null;
    for (const socket of this.sockets) socket.destroy();
    if (server !== null) await new Promise((done) => server.close(done));
  }

  /** Listens again. */
  async mend(): Promise<void> {
    const server = createServer((client) => this.connect(client));
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(this.port, '127.0.0.1', done);
    });
    this.server = server;
  }

  private connect(client: Socket): void {
    const behind = createConnection({ host: '127.0.0.1', port: this.target });
    for (const [socket, other] of [
      [client, behind],
      [behind, client],
    ]) {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
