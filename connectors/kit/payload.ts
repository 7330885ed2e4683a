/** Looking at a body before reading it: its head, and whether it is text with rows at all. */

import { CarbonError } from '../../core/errors.ts';
import { HEAD_BYTES, type Payload, type PayloadHead, TAIL_BYTES } from './contract.ts';

const lenient = new TextDecoder('utf-8');
const strict = new TextDecoder('utf-8', { fatal: true });

/** The head of a body, for recognition. A byte-order mark is removed. */
export function headOf(payload: Payload): PayloadHead {
  const { name, bytes } = payload;
  const whole = bytes.length <= HEAD_BYTES;
  return {
    name,
    text: lenient.decode(bytes.subarray(0, HEAD_BYTES)),
    whole,
    ...(whole ? {} : { tail: lenient.decode(bytes.subarray(-TAIL_BYTES)) }),
  };
}

/** The whole body as text, without byte-order mark. Throws SOURCE_MALFORMED when it is not UTF-8. */
export function textOf(payload: Payload): string {
  try {
    return strict.decode(payload.bytes);
  } catch (cause) {
    const { position, context } = placeOf(payload);
    throw new CarbonError('SOURCE_MALFORMED', 'the body is not UTF-8 text', {
      position: { ...position, expected: 'UTF-8 text', got: 'other bytes' },
      context,
      cause,
    });
  }
}

/** File part of an error position; nothing for a body without a name. */
export function placeOf(payload: { readonly name: string }): {
  position: { file?: string };
  context: Record<string, string>;
} {
  return { position: payload.name === '' ? {} : { file: payload.name }, context: {} };
}

/**
 * Refuses what cannot hold rows of text: no bytes or only blanks (SOURCE_EMPTY), an HTML page with its title
 * (SOURCE_NOT_DATA), a container or other binary body (SOURCE_UNRECOGNISED with the first member's name). Of a body in
 * pieces it is the first that is looked at.
 */
export function requireText(payload: Payload): void {
  if (payload.piece !== undefined && payload.piece.passed > 0) return;
  const { position } = placeOf(payload);
  const bytes = payload.bytes;
  const container = containerOf(bytes);
  if (container !== null)
    throw new CarbonError('SOURCE_UNRECOGNISED', `the body is ${container}, not text; unpack it first`, {
      position: { ...position, expected: 'text', got: container },
    });
  const text = headOf(payload).text;
  if (text.trim() === '')
    throw new CarbonError(
      'SOURCE_EMPTY',
      bytes.length === 0 ? 'the body has no bytes' : 'the body is blank',
      {
        position: { ...position, line: 1 },
      },
    );
  const page = pageWords(text);
  if (page !== null)
    throw new CarbonError('SOURCE_NOT_DATA', `the body is an HTML page: ${page}`, {
      position: { ...position, line: 1, expected: 'rows of data', got: 'HTML' },
    });
  if (text.includes('\0'))
    throw new CarbonError('SOURCE_UNRECOGNISED', 'the body is binary, not text', {
      position: { ...position, expected: 'text', got: 'bytes of zero' },
    });
}

/** Name of the container by its first bytes, with the first member of a zip; null for anything else. */
export function containerOf(bytes: Uint8Array): string | null {
  const [a, b, c, d] = bytes;
  if (a === 0x50 && b === 0x4b && c === 3 && d === 4) {
    const length = Math.min((bytes[26] ?? 0) | ((bytes[27] ?? 0) << 8), 200);
    const member = lenient.decode(bytes.subarray(30, 30 + length));
    return member === '' ? 'a zip archive' : `a zip archive (first member ${member})`;
  }
  if (a === 0x50 && b === 0x4b) return 'an empty or split zip archive';
  if (a === 0x1f && b === 0x8b) return 'a gzip stream';
  if (a === 0xd0 && b === 0xcf && c === 0x11 && d === 0xe0) return 'an old Office document';
  if (a === 0x25 && b === 0x50 && c === 0x44 && d === 0x46) return 'a PDF document';
  return null;
}

const PAGE = /<(?:!doctype\s+html|html|head|body|title|h1|center)\b/iy;
/** A page says what it is near its beginning; patterns are not let loose on more, in characters. */
const PAGE_START = 8_192;

/** What an HTML page says about itself: its title, else its first heading, else its first words; null for no page. */
export function pageTitle(text: string): string | null {
  PAGE.lastIndex = afterProlog(text);
  if (!PAGE.test(text)) return null;
  const start = text.slice(0, PAGE_START);
  for (const tag of ['title', 'h1', 'h2']) {
    const found = new RegExp(`<${tag}\\b[^>]*>([\\s\\S]*?)</${tag}>`, 'i').exec(start);
    const words = found === null ? '' : plain(found[1] ?? '');
    if (words !== '') return words;
  }
  const words = plain(start);
  return words === '' ? 'a page without text' : words;
}

/** The title of an HTML page and its first words below that, where they say more; null for no page. */
export function pageWords(text: string): string | null {
  const title = pageTitle(text);
  if (title === null) return null;
  const below = text.slice(0, PAGE_START).replace(/<(head|title)\b[\s\S]*?<\/\1>/gi, ' ');
  const words = plain(below);
  return words === '' || title.includes(words) ? title : `${title}: ${words}`;
}

/** Where the first element begins: after blanks, comments and XML declarations. */
function afterProlog(text: string): number {
  const blank = /\s*/y;
  for (let at = 0; ; ) {
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
    const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?xml', at) ? '>' : null;
    if (end === null) return at;
    const closed = text.indexOf(end, at + 4);
    if (closed < 0) return at;
    at = closed + end.length;
  }
}

function plain(markup: string): string {
  const text = markup.replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
  return text.replace(/\s+/g, ' ').trim().slice(0, 160);
}

/** What a text is that no dataset reads, by its form: an XML document with its root, or JSON with its beginning; null for another. */
export function documentForm(text: string): string | null {
  const root = /^\s*(?:<\?xml[^>]*>\s*)?<([\w:.-]+)/.exec(text);
  if (root !== null) return `an XML document <${root[1]}>`;
  return /^\s*[[{]/.test(text) ? `a JSON document, ${firstLine(text).slice(0, 80)}` : null;
}

/** The first line that is not blank, shortened: for messages about bodies that nothing recognises. */
export function firstLine(text: string): string {
  const line = text.trimStart().split(/\r?\n/, 1)[0] ?? '';
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
