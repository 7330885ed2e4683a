/**
 * Mutations of bodies: what transport, markets and mischief do to bytes. Each is a pure function of a body and of draws,
 * so that a mutant can be made again from its seed.
 *
 * Bodies are changed as Latin-1 text: one character is one byte, whatever the body really is.
 */

import { below, oneOf } from '../support/seeded.ts';

type Random = () => number;

/** One change of a body. */
export type Mutation = (body: string, random: Random) => string;

/** Which mutations a body is open to. */
export type Form = 'text' | 'binary' | 'zip';

/** Larger bodies than this prove nothing new and take their time. */
const LONGEST = 65_536;

const splice = (text: string, from: number, to: number, put: string): string =>
  text.slice(0, from) + put + text.slice(to);

const spanOf = (text: string, random: Random): [from: number, to: number] => {
  const from = below(random, text.length + 1);
  return [from, Math.min(text.length, from + 1 + below(random, random() < 0.8 ? 8 : 400))];
};

const BYTES: readonly Mutation[] = [
  (text, random) => {
    const at = below(random, text.length);
    return splice(
      text,
      at,
      at + 1,
      String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << below(random, 8))),
    );
  },
  (text, random) => {
    const at = below(random, text.length);
    return splice(text, at, at + 1, String.fromCharCode(below(random, 256)));
  },
  (text, random) => {
    const at = below(random, text.length + 1);
    return splice(text, at, at, String.fromCharCode(below(random, 256)).repeat(1 + below(random, 4)));
  },
  (text, random) => splice(text, ...spanOf(text, random), ''),
  (text, random) => {
    const [from, to] = spanOf(text, random);
    return splice(text, to, to, text.slice(from, to));
  },
  (text, random) => text.slice(0, below(random, text.length + 1)),
  (text, random) => text.slice(below(random, Math.min(text.length, 200) + 1)),
  (text, random) => {
    const [from, to] = spanOf(text, random);
    const [at] = spanOf(text, random);
    const without = splice(text, from, to, '');
    return splice(without, Math.min(at, without.length), Math.min(at, without.length), text.slice(from, to));
  },
];

/** Turns a text into lines and back with a change between. */
const onLines =
  (change: (lines: string[], random: Random) => void): Mutation =>
  (text, random) => {
    const lines = text.split('\n');
    change(lines, random);
    return lines.join('\n');
  };

const DELIMITERS = [',', '><', '","', ':', '\t', ' '] as const;

/** Changes the columns of one line, or of all. */
const onColumns =
  (change: (cells: string[], a: number, b: number) => void): Mutation =>
  (text, random) => {
    const delimiter = oneOf(random, random() < 0.6 ? DELIMITERS.slice(0, 1) : DELIMITERS);
    const lines = text.split('\n');
    const only = random() < 0.5 ? -1 : below(random, lines.length);
    const [a, b] = [below(random, 12), below(random, 12)];
    return lines
      .map((line, i) => {
        if (only >= 0 && i !== only) return line;
        const cells = line.split(delimiter);
        change(cells, a % cells.length, b % cells.length);
        return cells.join(delimiter);
      })
      .join('\n');
  };

const swap = (list: string[], a: number, b: number): void => {
  [list[a], list[b]] = [list[b] as string, list[a] as string];
};

const LINES: readonly Mutation[] = [
  onLines((lines, random) => swap(lines, below(random, lines.length), below(random, lines.length))),
  onLines((lines, random) => {
    const at = below(random, lines.length);
    lines.splice(at, 0, lines[at] as string);
  }),
  onLines((lines, random) => {
    lines.splice(below(random, lines.length), 1 + below(random, 3));
  }),
  onLines((lines, random) => {
    lines.splice(below(random, lines.length), 0, oneOf(random, ['', ' ', '\r', ',,,,', '"', '{}', '<a/>']));
  }),
  onLines((lines) => lines.reverse()),
  onColumns((cells, a, b) => swap(cells, a, b)),
  onColumns((cells, a) => cells.splice(a, 1)),
  onColumns((cells, a, b) => cells.splice(a, 0, cells[b] as string)),
  onColumns((cells, a) => cells.splice(a, 1, '')),
];

const NUMBERS = [
  '',
  '-',
  '.',
  '-0',
  '+5',
  '.5',
  '5.',
  '00012.50',
  '1e400',
  '1e99',
  '-1E-99',
  '1.5E-3',
  'NaN',
  'Infinity',
  '-Infinity',
  '0x1F',
  '1,234.50',
  '(5.25)',
  '$1.5',
  '1_000',
  '9007199254740993',
  '999999999999999999999999999999',
  '0.123456789012345678901234567890',
  '-99999999999.99999999',
  '1e',
  '1e+',
  '--1',
  '1.2.3',
  '١٢٣',
  'null',
  'true',
  'N/A',
  '1 2',
  '24',
  '25',
  '60',
  '99',
  '0000',
  '-1',
  `1${'0'.repeat(400)}`,
  `0.${'0'.repeat(400)}1`,
].map((word) => Buffer.from(word).toString('latin1'));

/** A number somewhere becomes another one, or none. */
const otherNumber: Mutation = (text, random) => {
  const number = /-?\d+(?:\.\d+)?/g;
  number.lastIndex = below(random, text.length + 1);
  const found = number.exec(text) ?? /-?\d+(?:\.\d+)?/.exec(text);
  if (found === null) return text;
  const put = random() < 0.3 ? String(below(random, 100_000) - 50_000) : oneOf(random, NUMBERS);
  return splice(text, found.index, found.index + found[0].length, put);
};

const DIGIT: Mutation = (text, random) => {
  const digit = /\d/g;
  digit.lastIndex = below(random, text.length + 1);
  const found = digit.exec(text);
  return found === null ? text : splice(text, found.index, found.index + 1, String(below(random, 10)));
};

const WORDS = [
  '"',
  '""',
  "'",
  ';',
  ',',
  '\t',
  '|',
  '\r\n',
  '\r',
  '\n\n',
  '\0',
  '{',
  '}',
  '[',
  ']',
  '[]',
  '{}',
  ':',
  '\\',
  '\\u0000',
  '\\ud800',
  '"__proto__":{"a":1},',
  '__proto__',
  'constructor',
  'toString',
  '<',
  '>',
  '&amp;',
  '&#0;',
  '&#x110000;',
  '&e;',
  '<!--',
  ']]>',
  '<![CDATA[',
  '<!DOCTYPE a [<!ENTITY e "x">]>',
  '<?xml version="1.1"?>',
  '<html><title>503</title></html>',
  'EST',
  'EDT',
  '02/30/2025 25:61',
  '13/01/2025',
  '2025-11-02T01:30:00',
  '2025-03-09 02:30',
  '0001-01-01T00:00:00',
  '275760-09-13T00:00:00Z',
  '+02:00',
  'Z',
  'HE 25',
  'null',
  '\uFEFF',
  '\u00a0',
  '\u2028',
  '\u{1F600}',
  'é',
].map((word) => Buffer.from(word).toString('latin1'));

const DELIMITING: readonly Mutation[] = [
  (text, random) => {
    const at = below(random, text.length + 1);
    return splice(text, at, at, oneOf(random, WORDS));
  },
  (text, random) => splice(text, ...spanOf(text, random), oneOf(random, WORDS)),
  (text, random) =>
    text.replaceAll(oneOf(random, [',', '"', ':', '-', '/', ' ']), oneOf(random, [';', '\t', '', ',', '.'])),
  (text) => text.replaceAll('\r\n', '\n'),
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll('\n', '\r'),
  (text) => text.trimEnd(),
  (text) => text.toUpperCase(),
];

const utf16 = (text: string): Buffer => Buffer.from(Buffer.from(text, 'latin1').toString('utf8'), 'utf16le');

const ENCODINGS: readonly Mutation[] = [
  (text) => `\xef\xbb\xbf${text}`,
  (text) => `\xff\xfe${utf16(text).toString('latin1')}`,
  (text) => `\xfe\xff${utf16(text).swap16().toString('latin1')}`,
  // Latin-1 letters, an overlong slash, a surrogate, a cut sequence: none of them is UTF-8.
  (text, random) => {
    const at = below(random, text.length + 1);
    return splice(text, at, at, oneOf(random, ['\xe9', '\xc0\xaf', '\xed\xa0\x80', '\xe2\x82', '\xf5']));
  },
];

/** What patterns with two ways to match choke on, when it comes a thousand times. */
const AGAIN = [
  '[',
  '{"a":',
  '<a>',
  '"',
  ',',
  '(',
  ' ',
  '0',
  '-',
  '\n',
  '<',
  '<!---->',
  '<title>',
  '<Code>',
  '&',
  ';',
];

const SIZES: readonly Mutation[] = [
  (text, random) => text.repeat(2 + below(random, random() < 0.2 ? 20 : 3)).slice(0, LONGEST),
  (text, random) => {
    const at = below(random, text.length + 1);
    const word = oneOf(random, AGAIN);
    const length = 1 + below(random, random() < 0.15 ? LONGEST : LONGEST / 16);
    return splice(text, random() < 0.3 ? 0 : at, at, word.repeat(Math.ceil(length / word.length)));
  },
];

/** Integers of the binary formats: varints, counts and lengths that are too long, negative or far beyond the end. */
const INTEGERS = [
  '\x00',
  '\x01',
  '\x02',
  '\x7f',
  '\x80',
  '\xff',
  '\xff\xff',
  '\xff\xff\xff\xff',
  '\x00\x00\x00\x00',
  '\x7f\xff\xff\xff',
  '\x80\x00\x00\x00',
  '\xff\xff\xff\xff\x0f',
  '\xfe\xff\xff\xff\x0f',
  '\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01',
  '\xfe\xff\xff\xff\xff\xff\xff\xff\x7f',
  '\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01',
  '\xff\xff\xff\xff\xff\xff\xff\xff',
  '\x00\x00\x00\x00\x00\x00\xf0\x7f',
  '\x00\x00\x00\x00\x00\x00\xf8\x7f',
];

const BINARY: readonly Mutation[] = [
  (text, random) => {
    const at = below(random, text.length + 1);
    const put = oneOf(random, INTEGERS);
    return splice(text, at, Math.min(text.length, at + put.length), put);
  },
  (text, random) => {
    const at = below(random, text.length + 1);
    return splice(text, at, Math.min(text.length, at + below(random, 3)), oneOf(random, INTEGERS));
  },
];

const RECORDS = ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08', '\x1f\x8b'];

/** A field of a zip record or of a gzip head gets another value. */
const headerField: Mutation = (text, random) => {
  const record = oneOf(random, RECORDS);
  const last = text.lastIndexOf(record);
  const at = random() < 0.5 ? text.indexOf(record) : last;
  if (at < 0) return text;
  const field = at + record.length + below(random, 42);
  const put = random() < 0.5 ? oneOf(random, INTEGERS.slice(0, 11)) : String.fromCharCode(below(random, 256));
  return splice(text, field, Math.min(text.length, field + put.length), put);
};

const ZIP: readonly Mutation[] = [
  headerField,
  headerField,
  headerField,
  (text, random) => text.replaceAll(oneOf(random, RECORDS), oneOf(random, RECORDS)),
  (text, random) => {
    const at = text.indexOf(oneOf(random, RECORDS), below(random, text.length + 1));
    return at < 0 ? text : text.slice(at) + text.slice(0, at);
  },
  (text) => text + text,
];

const KINDS: Readonly<Record<Form, readonly (readonly [weight: number, kinds: readonly Mutation[]])[]>> = {
  text: [
    [25, BYTES],
    [20, LINES],
    [15, [otherNumber]],
    [15, [DIGIT]],
    [17, DELIMITING],
    [6, ENCODINGS],
    [2, SIZES],
  ],
  binary: [
    [55, BYTES],
    [45, BINARY],
  ],
  zip: [
    [40, BYTES],
    [10, BINARY],
    [50, ZIP],
  ],
};

/** A body changed one to four times; one time in twelve it first gets the tail of another body. */
export function mutate(bodies: readonly Uint8Array[], which: number, form: Form, random: Random): Uint8Array {
  let text = Buffer.from(bodies[which] as Uint8Array).toString('latin1');
  if (bodies.length > 1 && random() < 1 / 12) {
    const other = Buffer.from(oneOf(random, bodies)).toString('latin1');
    text = text.slice(0, below(random, text.length + 1)) + other.slice(below(random, other.length + 1));
  }
  const times = random() < 0.55 ? 1 : 2 + below(random, 3);
  for (let k = 0; k < times; k++) text = oneOf(random, chosen(form, random))(text, random);
  return new Uint8Array(Buffer.from(text.slice(0, LONGEST), 'latin1'));
}

function chosen(form: Form, random: Random): readonly Mutation[] {
  const kinds = KINDS[form];
  let left = random() * 100;
  for (const [weight, kind] of kinds) if ((left -= weight) < 0) return kind;
  return BYTES;
}
