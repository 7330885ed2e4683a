/** StreamSource over undici's WebSocket: the same allow-list and the same guard of private addresses as for requests. */

import { Agent, WebSocket } from 'undici';
import { CarbonError } from '../../core/errors.ts';
import type { StreamConnection, StreamRequest, StreamSource } from '../../core/ports/stream-source.ts';
import { publicLookup, requireAllowed } from './addresses.ts';

const CONNECT_MS = 10_000;

/** Opens nothing before the first connection. */
export function openUndiciStreams(): StreamSource & { close(): Promise<void> } {
  const guarded = new Agent({ connect: { timeout: CONNECT_MS, lookup: publicLookup } });
  const unguarded = new Agent({ connect: { timeout: CONNECT_MS } });
  return {
    open: (request) => open(request, request.allowsPrivate ? unguarded : guarded),
    close: async () => {
      await Promise.all([guarded.destroy(), unguarded.destroy()]);
    },
  };
}

async function open(request: StreamRequest, dispatcher: Agent): Promise<StreamConnection> {
  const url = URL.parse(request.url);
  if (url === null || !/^wss?:$/.test(url.protocol))
    throw new CarbonError('SOURCE_NOT_ALLOWED', 'the address is no stream', {
      position: { field: 'stream.url', expected: 'ws or wss', got: request.url.slice(0, 200) },
    });
  // The allow-list speaks of hosts; the scheme of a stream is that of its handshake.
  requireAllowed(new URL(url.href.replace(/^ws/, 'http')), { ...request, maxBytes: request.maxLength });
  const socket = new WebSocket(url, { dispatcher, headers: { ...request.headers } });
  const connection = new UndiciConnection(socket, `${url.origin}${url.pathname}`, request.maxLength);
  await connection.opened(request.timeoutMs);
  return connection;
}

class UndiciConnection implements StreamConnection {
  private readonly socket: WebSocket;
  private readonly name: string;
  private readonly waiting: string[] = [];
  private wake: () => void = () => {};
  private ended: string | null = null;
  private isOpen = false;

  constructor(socket: WebSocket, name: string, maxLength: number) {
    this.socket = socket;
    this.name = name;
    socket.addEventListener('open', () => {
      this.isOpen = true;
      this.wake();
    });
    socket.addEventListener('message', ({ data }) => {
      if (typeof data !== 'string') return this.end('a message is not text');
      if (data.length > maxLength) return this.end(`a message is longer than ${maxLength} characters`);
      this.waiting.push(data);
      this.wake();
    });
    socket.addEventListener('close', ({ code, reason }) =>
      this.end(`it was closed (${code}${reason === '' ? '' : `, ${reason}`})`),
    );
    socket.addEventListener('error', ({ message }) => this.end(message || 'it failed'));
  }

  async opened(timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs;
    while (!this.isOpen) {
      const left = until - performance.now();
      if (this.ended !== null || left <= 0) {
        this.close();
        throw this.failure(this.ended ?? `it did not open within ${timeoutMs / 1000} s`);
      }
      await this.change(left);
    }
  }

  async next(timeoutMs: number): Promise<string | null> {
    const until = performance.now() + timeoutMs;
    for (;;) {
      const message = this.waiting.shift();
      if (message !== undefined) return message;
      if (this.ended !== null) throw this.failure(this.ended);
      const left = until - performance.now();
      if (left <= 0) return null;
      await this.change(left);
    }
  }

  send(text: string): void {
    if (this.ended === null) this.socket.send(text);
  }

  close(): void {
    this.ended ??= 'it was closed here';
    if (this.socket.readyState <= WebSocket.OPEN) this.socket.close();
    this.wake();
  }

  private end(why: string): void {
    this.ended ??= why;
    if (this.socket.readyState <= WebSocket.OPEN) this.socket.close();
    this.wake();
  }

  private change(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private failure(why: string): CarbonError {
    return new CarbonError('SOURCE_UNREACHABLE', `${this.name}: the stream has ended: ${why}`, {
      context: { host: this.name },
    });
  }
}
