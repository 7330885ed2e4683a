/**
 * A stream of made-up prices that is nobody's product: five-minute prices of a few places as numbered JSON messages over
 * WebSocket, and the snapshot route that fills its gaps. It loses messages, falls silent and breaks off on request.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { serveWebSockets, type WebSocketPeer } from './websocket-server.ts';

const FIVE_MINUTES = 300_000;
const PLACES = ['NORTH', 'SOUTH'];

/** One row, as snapshot and messages print it. */
export interface StreamRow {
  readonly begin: string;
  readonly place: string;
  readonly price: string;
}

/** Rows of an interval: the same interval always has the same prices. Times are epoch milliseconds. */
export function streamRows(at: number): StreamRow[] {
  const begin = new Date(at).toISOString().replace('.000Z', 'Z');
  return PLACES.map((place, i) => {
    const step = Math.floor(at / FIVE_MINUTES);
    return { begin, place, price: (((step * 7919 + i * 104_729) % 9001) / 100 - 20).toFixed(2) };
  });
}

/** A server on a port of its own. */
export class PriceStream {
  /** What clients said, subscriptions and pings. */
  readonly heard: string[] = [];
  /** Snapshots that were asked for, as queries. */
  readonly snapshots: string[] = [];
  /** Set to fail snapshots with this status. */
  snapshotStatus = 200;
  /** Answers pings. */
  answersPings = true;
  /** Refuses subscriptions with these words. */
  refuses: string | null = null;
  private readonly peers = new Set<WebSocketPeer>();
  private readonly sockets = new Set<Socket>();
  private readonly sent: number[] = [];
  private sequence = 0;
  private readonly server = createServer((request, response) => this.snapshot(request, response));

  /** Listens; `port` 0 is any free one. */
  async open(port = 0): Promise<this> {
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    serveWebSockets(this.server, {
      accepts: ({ url }) => (url ?? '').startsWith('/stream'),
      opened: () => {},
      said: (peer, text) => this.said(peer, text),
      closed: (peer) => void this.peers.delete(peer),
    });
    await new Promise<void>((done) => this.server.listen(port, '127.0.0.1', done));
    return this;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Clients that have subscribed. */
  get subscribers(): number {
    return this.peers.size;
  }

  /** Publishes an interval: the snapshot has it, and a numbered message goes out unless it is lost. */
  publish(at: number, lost = false): void {
    this.sent.push(at);
    this.sequence++;
    if (lost) return;
    this.say({ type: 'prices', channel: 'rt', seq: this.sequence, rows: streamRows(at) });
  }

  /** Says the last message once more, or anything else. */
  say(message: object): void {
    for (const peer of this.peers) peer.send(JSON.stringify(message));
  }

  /** Counts anew from one. */
  restart(): void {
    this.sequence = 0;
  }

  /** Breaks every connection off. */
  breakOff(): void {
    for (const peer of this.peers) peer.breakOff();
  }

  async close(): Promise<void> {
    this.breakOff();
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private said(peer: WebSocketPeer, text: string): void {
    this.heard.push(text);
    const { action } = JSON.parse(text) as { action?: string };
    if (action === 'ping' && this.answersPings) peer.send('{"type":"pong"}');
    if (action !== 'subscribe') return;
    if (this.refuses !== null) {
      peer.send(JSON.stringify({ type: 'error', error: this.refuses }));
      return;
    }
    this.peers.add(peer);
    peer.send('{"type":"subscribed"}');
  }

  private snapshot(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', 'http://x');
    this.snapshots.push(url.search);
    const from = Date.parse(url.searchParams.get('from') ?? '');
    const to = Date.parse(url.searchParams.get('to') ?? '');
    const rows = [...new Set(this.sent)]
      .filter((at) => at >= from && at < to)
      .sort((a, b) => a - b)
      .flatMap(streamRows);
    response.writeHead(this.snapshotStatus, { 'content-type': 'application/json' });
    response.end(this.snapshotStatus === 200 ? JSON.stringify({ rows }) : '{"error":"broken"}');
  }
}
