/**
 * Reads one stream out of a compound file, the container of old Office documents: sectors chained by a table, small
 * streams in sectors of their own. Source: Microsoft, [MS-CFB], version 3 and 4.
 */

import { CarbonError } from '../../../core/errors.ts';
import type { Payload } from '../contract.ts';
import { placeOf } from '../payload.ts';

const SIGNATURE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const HEADER_BYTES = 512;
const ENTRY_BYTES = 128;
/** Sector numbers from here on mean the end of a chain, or no sector at all. */
const LAST_SECTOR = 0xfffffffa;
const ROOT_ENTRY = 5;

/** True for the first bytes of a compound file. */
export function isCompoundFile(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/** True for a head that is the begin of a compound file; its text has lost the bytes that are no UTF-8. */
export function looksCompound(text: string): boolean {
  return text.startsWith('\uFFFD\uFFFD\u0011\u0871\u001A');
}

interface Entry {
  readonly name: string;
  readonly kind: number;
  readonly start: number;
  readonly size: number;
}

/**
 * The stream of one of these names; null when there is none. Throws SOURCE_MALFORMED for a file that is cut, and for
 * chains that run in a circle or out of the file.
 */
export function streamOf(payload: Payload, names: readonly string[]): Uint8Array | null {
  const { bytes } = payload;
  const damaged = (what: string): CarbonError =>
    new CarbonError('SOURCE_MALFORMED', `the old Office document is damaged: ${what}`, {
      position: { ...placeOf(payload).position, line: 1, expected: 'a whole compound file', got: what },
    });
  if (bytes.length < HEADER_BYTES || !isCompoundFile(bytes)) throw damaged('it has no header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shift = view.getUint16(30, true);
  const miniShift = view.getUint16(32, true);
  if ((shift !== 9 && shift !== 12) || miniShift !== 6) throw damaged('its sectors have no known size');
  const sectorBytes = 1 << shift;

  const sector = (number: number): Uint8Array => {
    const from = (number + 1) * sectorBytes;
    if (number >= LAST_SECTOR || from >= bytes.length) throw damaged('a sector lies behind its end');
    return bytes.subarray(from, from + sectorBytes);
  };
  const numbersIn = (data: Uint8Array): number[] => {
    const inside = new DataView(data.buffer, data.byteOffset, data.byteLength);
    return Array.from({ length: data.byteLength >> 2 }, (_, i) => inside.getUint32(i * 4, true));
  };
  const chain = (start: number, table: readonly number[], most: number): number[] => {
    const found: number[] = [];
    for (let at = start; at < LAST_SECTOR; at = table[at] ?? LAST_SECTOR) {
      if (found.length > most) throw damaged('a chain of sectors runs in a circle');
      found.push(at);
    }
    return found;
  };

  const most = Math.ceil(bytes.length / sectorBytes);
  const tableSectors: number[] = numbersIn(bytes.subarray(76, HEADER_BYTES)).filter((at) => at < LAST_SECTOR);
  for (let at = view.getUint32(68, true), n = 0; at < LAST_SECTOR; n++) {
    if (n > most) throw damaged('its table of sectors runs in a circle');
    const numbers = numbersIn(sector(at));
    at = numbers.pop() ?? LAST_SECTOR;
    for (const number of numbers) if (number < LAST_SECTOR) tableSectors.push(number);
  }
  if (tableSectors.length > most) throw damaged('its table of sectors is larger than the file');
  const table = tableSectors.flatMap((number) => numbersIn(sector(number)));
  const read = (start: number): Uint8Array => joined(chain(start, table, most).map(sector));

  const entries = entriesIn(read(view.getUint32(48, true)));
  const wanted = names.map((name) => name.toLowerCase());
  const entry = entries.find(({ name, kind }) => kind === 2 && wanted.includes(name.toLowerCase()));
  if (entry === undefined) return null;
  if (entry.size > bytes.length) throw damaged('a stream is longer than the file');
  if (entry.size >= view.getUint32(56, true)) return wholeOf(read(entry.start), entry.size, damaged);
  const root = entries.find(({ kind }) => kind === ROOT_ENTRY);
  if (root === undefined) throw damaged('it has no root');
  const small = read(root.start);
  const smallTable = numbersIn(read(view.getUint32(60, true)));
  const pieces = chain(entry.start, smallTable, small.length >> miniShift).map((number) =>
    small.subarray(number << miniShift, (number + 1) << miniShift),
  );
  return wholeOf(joined(pieces), entry.size, damaged);
}

function wholeOf(data: Uint8Array, size: number, damaged: (what: string) => CarbonError): Uint8Array {
  if (data.length < size) throw damaged('a stream is cut short');
  return data.subarray(0, size);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function entriesIn(directory: Uint8Array): Entry[] {
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength);
  const entries: Entry[] = [];
  for (let at = 0; at + ENTRY_BYTES <= directory.length; at += ENTRY_BYTES) {
    const length = Math.min(64, view.getUint16(at + 64, true));
    let name = '';
    for (let i = 0; i + 2 < length; i += 2) name += String.fromCharCode(view.getUint16(at + i, true));
    entries.push({
      name,
      kind: directory[at + 66] ?? 0,
      start: view.getUint32(at + 116, true),
      size: view.getUint32(at + 120, true),
    });
  }
  return entries;
}
