/** The body of an answer, whole or not at all. */

import { storeError } from '../../core/store/store-error.ts';

/**
 * Reads a body to its end. A server that fails after it has begun to answer can no longer change the status: it names a
 * mark in the head and writes the exception between two of them behind the rows (ClickHouse from 25.11 on). Throws what
 * the exception says; a connection that is cut throws by itself.
 */
export async function wholeBody(
  stream: AsyncIterable<Uint8Array>,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  const body = parts.length === 1 ? parts[0] : Buffer.concat(parts);
  const mark = headers['x-clickhouse-exception-tag'];
  if (typeof mark === 'string') {
    const text = exceptionIn(body, mark);
    if (text !== null) {
      const code = /\bCode: (\d+)/.exec(text)?.[1];
      throw storeError(code === undefined ? null : Number(code), text, null);
    }
  }
  return body;
}

/** Longest exception that is looked for; the server cuts its own at 16 KiB. */
const LONGEST = 20_000;

/** `\r\n__exception__\r\n<mark>\r\n<text>\r\n<length> <mark>\r\n__exception__\r\n` at the end, or null. */
function exceptionIn(body: Uint8Array, mark: string): string | null {
  const tail = Buffer.from(body.subarray(Math.max(0, body.length - LONGEST))).toString('latin1');
  if (!tail.endsWith(`${mark}\r\n__exception__\r\n`)) return null;
  const head = `__exception__\r\n${mark}\r\n`;
  const from = tail.indexOf(head);
  if (from < 0) return 'the answer ends with an exception that cannot be read';
  const text = tail.slice(from + head.length, tail.lastIndexOf('\r\n', tail.length - head.length));
  return Buffer.from(text, 'latin1').toString('utf8').trim();
}
