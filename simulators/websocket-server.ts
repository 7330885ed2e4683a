/**
 * The serving side of WebSocket (RFC 6455) on Node's own HTTP server: as much of it as a source of text messages needs.
 * Written from the standard, so that the client under test is held to it and not to itself.
 */

import { createHash } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** RFC 6455, section 1.3. */
const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** One client that is connected. */
export interface WebSocketPeer {
  readonly request: IncomingMessage;
  send(text: string): void;
  /** Closes with a code, or breaks the connection off. */
  close(code?: number): void;
  breakOff(): void;
}

/** What a server does with its clients. */
export interface WebSocketHandler {
  /** False refuses the handshake with 403. */
  accepts(request: IncomingMessage): boolean;
  opened(peer: WebSocketPeer): void;
  said(peer: WebSocketPeer, text: string): void;
  closed(peer: WebSocketPeer): void;
}

/** Answers the handshakes that come to an HTTP server. */
export function serveWebSockets(server: Server, handler: WebSocketHandler): void {
  server.on('upgrade', (request, socket, head) => {
    const key = request.headers['sec-websocket-key'];
    if (key === undefined || !handler.accepts(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    const accept = createHash('sha1').update(`${key}${MAGIC}`).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    attach(request, socket, head, handler);
  });
}

function attach(request: IncomingMessage, socket: Duplex, head: Buffer, handler: WebSocketHandler): void {
  const peer: WebSocketPeer = {
    request,
    send: (text) => void (socket.writable && socket.write(frame(TEXT, Buffer.from(text)))),
    close: (code = 1000) => {
      const reason = Buffer.alloc(2);
      reason.writeUInt16BE(code);
      if (socket.writable) socket.end(frame(CLOSE, reason));
    },
    breakOff: () => void socket.destroy(),
  };
  let buffer = head;
  socket.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (let read = readFrame(buffer); read !== null; read = readFrame(buffer)) {
      buffer = buffer.subarray(read.length);
      if (read.opcode === TEXT) handler.said(peer, read.payload.toString('utf8'));
      else if (read.opcode === PING) socket.write(frame(PONG, read.payload));
      else if (read.opcode === CLOSE) peer.close();
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => handler.closed(peer));
  handler.opened(peer);
}

/** A whole frame of a server: never masked. */
function frame(opcode: number, payload: Buffer): Buffer {
  const long = payload.length > 65_535;
  const header = Buffer.alloc(payload.length < 126 ? 2 : long ? 10 : 4);
  header[0] = 0x80 | opcode;
  header[1] = payload.length < 126 ? payload.length : long ? 127 : 126;
  if (long) header.writeBigUInt64BE(BigInt(payload.length), 2);
  else if (payload.length >= 126) header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}

/** The first frame of a client, which is masked; null while it is not whole. Fragments are not told apart. */
function readFrame(buffer: Buffer): { opcode: number; payload: Buffer; length: number } | null {
  if (buffer.length < 2) return null;
  const short = (buffer[1] as number) & 0x7f;
  const wide = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (buffer.length < 2 + wide + 4) return null;
  const size = wide === 0 ? short : wide === 2 ? buffer.readUInt16BE(2) : Number(buffer.readBigUInt64BE(2));
  const from = 2 + wide + 4;
  if (buffer.length < from + size) return null;
  const mask = buffer.subarray(2 + wide, from);
  const payload = Buffer.from(buffer.subarray(from, from + size));
  for (let i = 0; i < size; i++) payload[i] = (payload[i] as number) ^ (mask[i % 4] as number);
  return { opcode: (buffer[0] as number) & 0x0f, payload, length: from + size };
}
