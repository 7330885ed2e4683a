/** Bytes a stretch at a time: out of a decompressor, and what is remembered of bytes that pass by. */

import type { Transform } from 'node:stream';

/** Bytes of a stretch of a file. Decompressors keep their own 16 kB, which die young: larger ones double the memory held. */
export const CHUNK_BYTES = 65_536;

/** What a decompressor makes of the packed bytes, at the pace of the reader. Throws what the engine throws. */
export async function* unpackedChunks(engine: Transform, packed: Uint8Array): AsyncIterable<Uint8Array> {
  engine.end(packed);
  for await (const chunk of engine) yield chunk as Uint8Array;
}

/** How much of the begin and of the end of a body is remembered, in bytes. */
export interface GlimpseSize {
  readonly head: number;
  readonly tail: number;
}

/** Remembers the begin and the end of bytes that pass by, and counts them. */
export class Glimpse {
  length = 0;
  private readonly size: GlimpseSize;
  private readonly head: Uint8Array;
  private tail = new Uint8Array(0);

  constructor(size: GlimpseSize) {
    this.size = size;
    this.head = new Uint8Array(size.head);
  }

  add(chunk: Uint8Array): void {
    if (this.length < this.head.length)
      this.head.set(chunk.subarray(0, this.head.length - this.length), this.length);
    this.length += chunk.length;
    const { tail } = this.size;
    this.tail = chunk.length >= tail ? chunk.slice(-tail) : joined(this.tail, chunk).slice(-tail);
  }

  /** The whole body where it is no longer than head and tail, else its head and its tail, one behind the other. */
  bytes(): Uint8Array {
    if (this.length <= this.head.length) return this.head.subarray(0, this.length);
    return joined(this.head, this.tail.subarray(-(this.length - this.head.length)));
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** All of it at once; `size` is how much there is. */
export async function gathered(chunks: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const all = new Uint8Array(size);
  let at = 0;
  for await (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all.subarray(0, at);
}
