/**
 * Texts of an old workbook: 8 or 16 bits to a character, with or without runs of formats behind them. The table of shared
 * texts runs over several records, and a text that is cut by a record's end begins the next one with its width again.
 */

const text16 = new TextDecoder('utf-16le');

const u16 = (data: Uint8Array, at: number): number => {
  if (at + 2 > data.length) throw new RangeError('behind the end');
  return (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8);
};
const u32 = (data: Uint8Array, at: number): number => u16(data, at) + u16(data, at + 2) * 65_536;

/** A text whose length is one byte, as the names of sheets. */
export function shortText(data: Uint8Array, at: number): string {
  return characters(data, at + 2, data[at] ?? 0, ((data[at + 1] ?? 0) & 1) === 1);
}

/** A text whose length is two bytes. */
export function textOfLabel(data: Uint8Array, at: number): string {
  return characters(data, at + 3, u16(data, at), ((data[at + 2] ?? 0) & 1) === 1);
}

function characters(data: Uint8Array, from: number, count: number, wide: boolean): string {
  const to = from + (wide ? count * 2 : count);
  if (to > data.length) throw new RangeError('behind the end');
  const bytes = data.subarray(from, to);
  if (wide) return text16.decode(bytes);
  // The lower halves of characters of 16 bits: no decoder of a code page does that.
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The shared texts, from the records of their table in order. Throws RangeError where the table is cut. */
export function sharedTexts(parts: readonly Uint8Array[]): string[] {
  const [first] = parts;
  if (first === undefined) return [];
  const count = u32(first, 4);
  const texts: string[] = [];
  const cursor = { part: 0, at: 8 };
  while (texts.length < count && cursor.part < parts.length) texts.push(nextText(parts, cursor));
  return texts;
}

interface Cursor {
  part: number;
  at: number;
}

function nextText(parts: readonly Uint8Array[], cursor: Cursor): string {
  const here = (): Uint8Array => {
    const data = parts[cursor.part];
    if (data === undefined) throw new RangeError('behind the end');
    return data;
  };
  if (cursor.at >= here().length) {
    cursor.part++;
    cursor.at = 0;
  }
  let left = u16(here(), cursor.at);
  const flags = here()[cursor.at + 2] ?? 0;
  cursor.at += 3;
  let runs = 0;
  let extra = 0;
  if ((flags & 8) !== 0) {
    runs = u16(here(), cursor.at);
    cursor.at += 2;
  }
  if ((flags & 4) !== 0) {
    extra = u32(here(), cursor.at);
    cursor.at += 4;
  }
  let wide = (flags & 1) === 1;
  let text = '';
  while (left > 0) {
    if (cursor.at >= here().length) {
      cursor.part++;
      cursor.at = 1;
      wide = ((here()[0] ?? 0) & 1) === 1;
    }
    const room = Math.floor((here().length - cursor.at) / (wide ? 2 : 1));
    const taken = Math.min(left, room);
    if (taken === 0) throw new RangeError('behind the end');
    text += characters(here(), cursor.at, taken, wide);
    cursor.at += taken * (wide ? 2 : 1);
    left -= taken;
  }
  skip(parts, cursor, runs * 4 + extra);
  return text;
}

function skip(parts: readonly Uint8Array[], cursor: Cursor, bytes: number): void {
  let left = bytes;
  while (left > 0) {
    const data = parts[cursor.part];
    if (data === undefined) throw new RangeError('behind the end');
    const taken = Math.min(left, data.length - cursor.at);
    cursor.at += taken;
    left -= taken;
    if (left > 0) {
      cursor.part++;
      cursor.at = 0;
    }
  }
}
