import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Refined } from '../../../connectors/kit/refine.ts';
import { CarbonError } from '../../../core/errors.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import { openContainer } from '../../../drivers/containers/container.ts';
import { samples } from '../../../scripts/samples/make-caiso-samples.ts';
import {
  AUTUMN,
  columnsOf,
  HUBS,
  NORMAL,
  oasisCsv,
  oasisXml,
  PRINTS,
  type Print,
  SPRING,
} from '../../../scripts/samples/oasis-report.ts';
import { printedLines, readOf, refusalOf } from '../../support/read-body.ts';

const DAM = PRINTS['da_lmp'] as Print;
const ONE: Print = { ...DAM, nodes: HUBS.slice(0, 1) };

const read = (text: string | Uint8Array, name = '', dataset?: string): Refined =>
  readOf('caiso', text, name, dataset);
const failure = (text: string, name = '', dataset?: string): CarbonError =>
  refusalOf('caiso', text, name, dataset);

const lines = (text: string): string[] => text.trimEnd().split('\n');

test('every sample is a zip of one report', async () => {
  for (const [path, bytes] of samples())
    if (path.endsWith('.zip')) {
      const { members } = await openContainer({ name: path, bytes });
      assert.equal(members.length, 1);
      assert.equal(read(members[0]?.bytes ?? '', members[0]?.name).damage, null);
    }
});

test('CSV and XML of one report say the same, in any order of rows and columns, for every report and day', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(PRINTS)),
      fc.constantFrom(NORMAL, SPRING, AUTUMN),
      fc.nat(1_000_000),
      fc.boolean(),
      fc.constantFrom('MW', 'VALUE', 'PRC'),
      fc.gen(),
      (report, day, seed, ghg, column, gen) => {
        const print: Print = {
          ...report,
          seed,
          ghg,
          column: column as Print['column'],
          nodes: HUBS.slice(0, 2),
          intervals: 40,
        };
        const columns = gen(fc.shuffledSubarray, columnsOf(print), { minLength: 16 });
        const csv = oasisCsv(day, print, columns);
        const sorted = lines(csv.expected).sort();
        assert.deepEqual(printedLines(read(csv.payload)).sort(), sorted);
        assert.deepEqual(printedLines(read(oasisXml(day, print).payload)).sort(), sorted);
      },
    ),
    { numRuns: 40 },
  );
});

test('days of 23 and 25 hours: no hour twice, none lost, and the words of the market stay', () => {
  for (const [day, count, odd, at] of [
    [SPRING, 23, '2026-03-08 4', '2026-03-08T10:00:00Z'],
    [AUTUMN, 25, '2025-11-02 25', '2025-11-02T09:00:00Z'],
  ] as const) {
    const { rows } = read(oasisCsv(day, ONE).payload);
    const starts = new Set(
      rows.filter((row) => row.values[0]?.field === 'lmp').map((row) => row.intervalStart),
    );
    assert.equal(starts.size, count);
    const found = rows.find((row) => row.sourceTime === odd);
    assert.equal(formatInstant(found?.intervalStart ?? 0), at);
  }
});

test('numbers: padded, signed, bare fractions and blanks; a blank is no value', () => {
  const body = lines(oasisCsv(NORMAL, ONE).payload);
  const edit = (at: number, text: string): void => {
    const cells = (body[at] ?? '').split(',');
    cells[14] = text;
    body[at] = cells.join(',');
  };
  for (const [at, text] of [
    [1, '   23.94000'],
    [2, '-.37'],
    [3, ''],
  ] as const)
    edit(at, text);
  const { rows } = read(body.join('\n'));
  assert.deepEqual(
    rows.slice(0, 3).map((row) => row.values[0]?.value),
    ['23.94000', '-0.37', null],
  );
});

const HEAD = columnsOf(DAM).join(',');
const ROW = lines(oasisCsv(NORMAL, ONE).payload)[1] ?? '';
const wrapped = (inner: string, prefix = 'm:'): string =>
  `<?xml version="1.0"?><${prefix}OASISReport xmlns${prefix === '' ? '' : ':m'}="http://www.caiso.com/soa/OASISReport_v1.xsd">${inner}</${prefix}OASISReport>`;
const oasisError = (code: string, words: string): string =>
  wrapped(`<m:ERROR>\n<m:ERR_CODE>${code}</m:ERR_CODE><m:ERR_DESC>${words}</m:ERR_DESC></m:ERROR>`);

for (const [what, body, code, message] of [
  [
    'error 1000',
    oasisError('1000', 'No data returned for the specified selection'),
    'SOURCE_NO_DATA',
    /^OASIS error 1000: No data returned/,
  ],
  [
    'error 1004',
    oasisError('1004', 'Data can be requested for period of 31 days only'),
    'SOURCE_REFUSED',
    /1004: .*31 days/,
  ],
  [
    'error 1015',
    oasisError('1015', 'GroupZip DownLoad is in Processing, Please Submit request after Sometime.'),
    'SOURCE_BUSY',
    /1015/,
  ],
  ['an invalid request', oasisError('1001', 'Invalid query name'), 'SOURCE_REFUSED', /Invalid query/],
  ['no data under another number', oasisError('77', 'No data found for this'), 'SOURCE_NO_DATA', /77/],
  [
    'an error without prefix',
    wrapped('<ERROR><ERR_CODE>1000</ERR_CODE><ERR_DESC>none</ERR_DESC></ERROR>', ''),
    'SOURCE_NO_DATA',
    /1000: none/,
  ],
  [
    'the page of status 429',
    '<html><body><p>CAISO Acceptable Use Policy Violation. Please retry your request after 5 seconds.</p></body></html>\n',
    'SOURCE_BUSY',
    /after 5 seconds/,
  ],
  ['no corrections', 'No records found for report.\n', 'SOURCE_NO_DATA', /No records found/],
  ['another page', '<html><title>Sign in</title></html>', 'SOURCE_NOT_DATA', /Sign in/],
  ['an absent page', '<html><title>Error 404--Not Found</title></html>', 'SOURCE_NO_DATA', /404--Not Found/],
  ['a page of too many', '<html><title>429 Too Many Requests</title></html>', 'SOURCE_BUSY', /429 Too Many/],
  ['words of the gateway', '{"message":"Forbidden"}', 'SOURCE_REFUSED', /CAISO answers Forbidden/],
  [
    'an error of the lists of the grid',
    oasisError('1000', 'No data returned for the specified selection').replaceAll(
      'OASISReport',
      'OASISMaster',
    ),
    'SOURCE_NO_DATA',
    /1000: No data returned/,
  ],
  ['no bytes', '', 'SOURCE_EMPTY', /no bytes/],
  ['a header only', `${HEAD}\n`, 'SOURCE_EMPTY', /no row: an OASIS report in CSV/],
  [
    'an XML report without data',
    wrapped('<m:MessagePayload/>'),
    'SOURCE_UNRECOGNISED',
    /OASIS report in XML/,
  ],
  ['an outlook of reserves', 'Time,Spinning reserve\n00:00,214\n', 'SOURCE_UNRECOGNISED', /Outlook/],
  ['an outlook without a day', 'Time,Demand\n00:00,21481\n', 'SOURCE_COLUMN_MISSING', /tells none/],
  [
    'a price printed twice with two values',
    `${HEAD}\n${ROW}\n${ROW.replace(/,[^,]*(,\d)$/, ',1.5$1')}\n`,
    'SOURCE_MALFORMED',
    /twice with two values/,
  ],
  ['a missing price column', `${HEAD.replace('MW', 'MEGA')}\n${ROW}\n`, 'SOURCE_COLUMN_MISSING', /mw/],
  [
    'a row without its node',
    `${HEAD}\n${ROW.replaceAll(HUBS[0] ?? '', '')}\n`,
    'SOURCE_MALFORMED',
    /names no place/,
  ],
] as const)
  test(`${what}: ${code}`, () => {
    const error = failure(body);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
  });

test('a header without rows is empty once its dataset is named', () => {
  assert.equal(failure(`${HEAD}\n`, '', 'da_lmp').code, 'SOURCE_EMPTY');
});

test('rows of another run or length never pass for the dataset asked for', () => {
  const hasp = oasisCsv(NORMAL, { ...(PRINTS['hasp_lmp'] as Print), intervals: 8 }).payload;
  const other = failure(hasp, '', 'da_lmp');
  assert.deepEqual([other.code, other.position.got], ['SOURCE_MALFORMED', 'HASP']);
  const { rows, rejected } = read(
    oasisCsv(NORMAL, { ...(PRINTS['rt_lmp'] as Print), minutes: 15, intervals: 8, seed: 2 }).payload,
    '',
    'rt_lmp',
  );
  // Five-minute and fifteen-minute prices share a run in some answers: the length of the intervals tells them apart.
  assert.deepEqual([rows[0]?.dataset, rejected.length], ['rt_lmp_15min', 0]);
});

test('a lost line is seen by its absence among the components; a lost ghg is not, as old reports have none', () => {
  const body = lines(oasisCsv(NORMAL, ONE).payload);
  const at = body.findIndex((text) => text.includes(',MCC,'));
  const lost = failure(body.toSpliced(at, 1).join('\n'));
  assert.match(lost.message, /has no congestion at .*lines are missing/);
  const ghg = body.findIndex((text) => text.includes(',MGHG,'));
  assert.equal(read(body.toSpliced(ghg, 1).join('\n')).damage, null);
});

test('an item that nobody knows is a rejected row with its name', () => {
  const body = oasisCsv(NORMAL, ONE).payload.replace(',MCC,LMP_CONG_PRC', ',MCX,LMP_NEW_PRC');
  const { rejected, damage, rows } = read(body);
  assert.deepEqual(
    [rejected.length, rejected[0]?.code, rejected[0]?.got],
    [1, 'FIELD_UNKNOWN', 'LMP_NEW_PRC'],
  );
  assert.deepEqual([damage, rows.length], [null, 24 * 5 - 1]);
});

/** A body in which each price is its own name: a moved or renamed row is seen. */
const truth = new Set(lines(oasisCsv(AUTUMN, ONE).expected));

for (const [form, clean] of [
  ['CSV', new TextEncoder().encode(oasisCsv(AUTUMN, ONE).payload)],
  ['XML', new TextEncoder().encode(oasisXml(AUTUMN, ONE).payload)],
] as const)
  test(`no mutation of ${form} crashes untyped, moves a row in time or makes one up`, () => {
    let whole = 0;
    // Drawn anywhere, few places leave a body of XML readable: the digits of prices are drawn for themselves too.
    const prices = [...new TextDecoder().decode(clean).matchAll(/\d(?=\d*\.\d)/g)].map(({ index }) => index);
    const place = fc.oneof(fc.nat(clean.length - 1), fc.constantFrom(...prices));
    fc.assert(
      fc.property(place, fc.integer({ min: 0, max: 4 }), fc.nat(255), (at, what, byte) => {
        const cut = what === 0;
        const digit = what > 2 && clean[at] !== undefined && clean[at] >= 0x30 && clean[at] <= 0x39;
        const changed = cut ? clean.slice(0, at) : clean.with(at, digit ? 0x30 + (byte % 10) : byte);
        let refined: Refined;
        try {
          refined = read(changed);
        } catch (error) {
          assert.ok(error instanceof CarbonError, String(error));
          return;
        }
        if (refined.damage !== null || refined.rejected.length > 0) return;
        whole++;
        // One changed byte changes one row at most; it may be its value or the name of its place, never its interval.
        const wrong = printedLines(refined).filter((text) => !truth.has(text));
        assert.ok(wrong.length <= 1, wrong.join('\n'));
        assert.ok(refined.rows.length === truth.size || cut, `${refined.rows.length} rows`);
        const times = new Set([...truth].map((text) => intervalOf(text)));
        for (const text of wrong) assert.ok(times.has(intervalOf(text)), text);
      }),
      { numRuns: 1000 },
    );
    assert.ok(whole > 100, `only ${whole} mutated bodies were read whole: the property is hollow`);
  });

const intervalOf = (text: string): string =>
  /"interval_start":"[^"]*","interval_end":"[^"]*"/.exec(text)?.[0] ?? '';

test('a price at a tie is another product than the price of its point', () => {
  const { dataset, rows } = read(`${HEAD},TI_DIRECTION\n${ROW},E\n`);
  assert.deepEqual([dataset, rows[0]?.series], ['da_lmp_tie', 'E']);
});
