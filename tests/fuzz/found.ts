/**
 * What the fuzzer found, and what became of it: the bytes are of our own making and stay as cases that `make test` reads.
 * The docs list them (docs/reports/fuzz.md).
 */

/** A defect that was found and mended. */
export interface Found {
  readonly target: string;
  /** What went wrong. */
  readonly what: string;
  readonly fix: string;
  /** Text, or base64 of bytes. */
  readonly body: { readonly text: string } | { readonly base64: string };
}

const deep = 'Array('.repeat(9_000);
/** A Native block of one row and one column `a` of a type. */
const blockOf = (type: string, data: readonly number[]): string =>
  Buffer.from([1, 1, 1, 0x61, ...varint(type.length), ...Buffer.from(type), ...data]).toString('base64');

function varint(value: number): number[] {
  const out: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...out, rest];
    out.push((rest % 128) | 128);
  }
}

const FAR = {
  what: 'a stamp of the year 9025 became an interval that 53 bits of micros cannot tell exactly.',
  fix: 'Years before 1700 and after 2254 are no times: the row is set aside as TIME_UNPARSEABLE.',
};

const QUOTED = {
  what: 'errors and rejections quoted headers, first lines and names of any length.',
  fix: 'What an error or a rejection quotes is cut at 2,000 characters.',
};

/** In the order in which they were found. */
export const FOUND: readonly Found[] = [
  {
    target: 'miso.rt_lmp',
    ...FAR,
    body: {
      text: '{"headers":["INTERVAL","CPNODE","LMP","MLC","MCC"],"data":[["9025-12-03T00:05:00","GRE.ALTW","-1.64","0.01","0.02"]]}',
    },
  },
  {
    target: 'miso.trade',
    ...FAR,
    body: {
      text: '{"market":"MISO","instrument_id":"NG_HH_BALMO","ts":"9026-03-01T00:00:00Z","price":3.1}',
    },
  },
  {
    target: 'topic.raw-json',
    what: 'a JSON event with the year 0001 was read with times that are not exact.',
    fix: 'Both readers refuse the record.',
    body: { text: '{"market":"PJM","instrument_id":"B","ts":"0001-03-01T00:00:00Z","price":1}' },
  },
  { target: 'miso.da_as_prices', ...QUOTED, body: { text: `Dayahead MCP ${'-'.repeat(12_000)}\n` } },
  {
    target: 'caiso.losses',
    ...QUOTED,
    body: {
      text: `INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,OPR_DT,OPR_HR,TAC_ZONE_NAME,MARKET_RUN_ID,XML_DATA_ITEM,MW\n2026-03-08T08:00:00-00:00,2026-03-08T09:00:00-00:00,2026-03-08,1,Caiso_Totals,DAM,${'X'.repeat(9_000)},5\n`,
    },
  },
  {
    target: 'store.native',
    what: 'a count of columns beyond the block was reserved before it was checked (RangeError, or memory).',
    fix: 'Counts of columns, rows and items are held against the bytes that are left.',
    body: { base64: Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 1]).toString('base64') },
  },
  {
    target: 'store.native',
    what: 'a number without end became NaN, which passed every check of length and was read for ever.',
    fix: 'A number has ten bytes at most.',
    body: {
      base64: Buffer.from([1, 1, ...new Array<number>(200).fill(0xff), 0x80, 1, 1]).toString('base64'),
    },
  },
  {
    target: 'store.native',
    what: 'a FixedString of a negative length ended as RangeError.',
    fix: 'Lengths of types are whole numbers from 1.',
    body: { base64: blockOf('FixedString(-9)', [0]) },
  },
  {
    target: 'store.native',
    what: 'types inside types without end filled the stack.',
    fix: 'Eight are allowed, two are needed.',
    body: { base64: blockOf(`${deep}UInt8${')'.repeat(9_000)}`, [0]) },
  },
  {
    target: 'store.native',
    what: 'a dictionary code beyond its entries was kept, and read as no text at all.',
    fix: 'It is damage.',
    body: {
      base64: blockOf('LowCardinality(String)', [
        ...[1, 0, 0, 0, 0, 0, 0, 0],
        ...[0, 2, 0, 0, 0, 0, 0, 0],
        ...[1, 0, 0, 0, 0, 0, 0, 0],
        ...[0],
        ...[1, 0, 0, 0, 0, 0, 0, 0],
        ...[7],
      ]),
    },
  },
  {
    target: 'caiso.rt_lmp_15min',
    what: 'a report with thousands of blanks in a name kept recognition busy for seconds (a pattern with two ways to match).',
    fix: 'Patterns of heads have one way to match, and the start of the head only.',
    body: {
      text: `<?xml version="1.0"?>\n<OASISReport xmlns="http://www.caiso.com/soa/OASISReport_v1.xsd"><REPORT>${'\n'.repeat(30_000)}<A/></REPORT></OASISReport>`,
    },
  },
  {
    target: 'nyiso.da_lmp',
    what: 'forty comments before a body that is no page took the pattern of HTML pages for ever.',
    fix: 'What stands before the first element is passed over step by step.',
    body: { text: `${'<!---->'.repeat(40)}x` },
  },
  {
    target: 'miso.trade',
    what: 'blanks before a body that is no JSON were passed over again from each of them.',
    fix: 'The pattern has one way to match.',
    body: { text: `${'\n'.repeat(60_000)}x` },
  },
  {
    target: 'isone.da_constraints',
    what: 'a key `__proto__` was looked up in a table of fields and found what every object has, as a field.',
    fix: 'Tables of names are asked for entries of their own (`connectors/kit/own-entry.ts`).',
    body: {
      text: '{"DayAheadConstraints":{"DayAheadConstraint":[{"BeginDate":"2026-03-08T00:00:00.000-05:00","ConstraintName":"NE-NY","MarginalValue":81.85,"__proto__":{"a":1},"InterfaceFlag":"Y"}]}}',
    },
  },
  {
    target: 'miso.renewable_forecast',
    what: 'a table that lost the columns of a stage made rows without values.',
    fix: 'Such a stage makes no row.',
    body: {
      base64:
        'TWt0RGF5LE1rdERheSwxMS0wMi0yMDI1ClJlZklkLFJlZklkLDAyLU5vdi0yMDI1IC0gSW50ZXJ2YWwgMDI6MjUgRVNUCkZvcmVjYXN0RGF0ZVRpbWVFU1QsRm9yZWNhc3RIb3VyRW5kaW5nRVNULEZvcmVjYXN0V2luZFZhbHVzdFNvbGFyVmFsdWVlLEZvcmVjYSxBY3R1YWxEYXRlVGltZUVTVCxBY3R1YWxXaW5kVmFsdWUsQWN0dWFsSG91ckVuZGluZ0VTVCxBY3R1YWxXaW5kVmFsdWUsQWN0dWFsU29sYXJWYWx1ZQo5MDI1LTExLTAyIDEyOjAwOjAwIEFNLDEsOTAwMC4xLDAsMjAyNS0xMS0wMiAxMjowMDowMCBBTSw5MTAwLjIsMSw5MTAwLjIsMAoyMDI1LTExLTAyIDE6MDA6MDAgQU0sMiw5MDAxLjEsMCwyMDI1LTExLTAyIDE6MDA6MDAgQU0sOTEwMS4yLDIsOTEwMS4yLDAKMjAyNS0xMS0wMiAyOjAwOjAwIEFNLDMsOTAwMi4xLDAsLCwsLAos',
    },
  },
  {
    target: 'spp.fuel_mix',
    what: 'the last piece of a file of full hours had one stamp alone, and was read as five minutes.',
    fix: 'Files that may be of hours or of five minutes are read whole.',
    body: {
      base64:
        'LCBDb2FsLCBEaWVzZWwgRnVlbCBPaWwsIE5hdHVyYWwgR2FzLCBXaW5kCjIwMjUtMTEtMDJUMDY6MDBaLDc1MTguNywyMzY0MTcuMSwxNjcxMDEuNCwxMzU2NzcuMDozNQoyMDI1LTExLTAyVDA2OjAwWiw3MjY0NS45LDE5ODY1Ni4yLDEzMDUzMS42LDE0Mjk1MC4yOjQwCjIwMjUtMTEtMDJUMDY6MDBaLDEzMTQ1LjIsMTkwNDM5LjcsMTAyNTMuOCw4MDQzMC4zOjQ1CjIwMjUtMTEtMDJUMDY6MDBaLDExNjg3MC45LDIzMzIzLjEsNDM2NzIuMCwxODI5OTYuMzo1MAoyMDI1LTExLTAyVDA2OjAwWiwxOTE0MjAuNywxODIyMDcuMiwxMDc4NDkuMSwxMTU0NzUuOTo1NQoyMDI1LTExLTAyVDA3OjAwWiw3NzMyNS43LDI1NDUwNS4wLDE4MzM2My4yLDEyNDc4Mi4wOjAwCjIwMjUtMTEtMDJUMDc6MDBaLDI1ODM1MC45LDUzOTI4LjcsMTA2NjE1LjksMjIzNjY3LjI6MDUKMjAyNS0xMS0wMlQwNzowMFosMjEzNzg3LjUsNjU1MTEuMywzNDg4Ny41LDEyNTIxNi41OjEwCjIwMjUtMTEtMDJUMDc6MDBaLDE4MzU0Mi45LDc1NDg1LjYsMTMxODI3LjI2NTY5LDUzNTIxLjE6MTUKMjAyNS0xMS0wMlQwNzowMFosMTI1MzIuMSwyNTM0ODcuNCwyMzM4NzAuOCwyMzExNDAuNjoyMAoyMDI1LTExLTAyVDA3OjAwWiwxOTM3MTcuOCw4NTAzOC45LDE0ODU4Ny41LDU0MTc2Ljc6MjUKMjAyNS0xMS0wMlQwNzowMFosMTEyNDk1LjEsNzE5Mi41LDEyMDc2LjcsNDc2MzUuNzozMAoyMDI1LTExLTAyVDA3OjAwWiw2ODkxOC4wLDI1MTczMi4yLDE3MTYyNi4zLDE4MzcxMy41OjM1CjIwMjUtMTEtMDJUMDc6MDBaLDgxNzk5LjEsMTMzMzAzLjMsMjI1MzAyLjYsMjE4NTMxLjA6NDAKMjAyNS0xMS0wMlQwNzowMFosMjg0NDYzLjgsMTkyOTI5LjYsNzUzMDEuNyw3OTM1NS4wOjQ1CjIwMjUtMTEtMDJUMDc6MDBaLDE0ODIwNC4xLDIwMjEzOS44LDE3MTIyMC41LDIxNTYwMy4xOjUwCjIwMjUtMTEtMDJUMDc6MDBaLDE3MzU3NS44LDE0Nzg4Ni4xLDEzOTI0My42LDI1NjE1OS4yOjU1CjIwMjUtMTEtMDJUMDg6MDBaLDE5NjU1OC42LDI0Nzg4My44LDEwOTg2LjgsMjc5OTcwLjU6MDAK',
    },
  },
  {
    target: 'ercot.generation_cleared_by_unit',
    what: 'a line of delimiters above the header was blank to the body as a whole, and the header of its pieces.',
    fix: 'Such lines are blank where the header is counted, too.',
    body: {
      text: `,,\nDelivery Date,Hour Ending,Resource Name,Resource Type,Awarded Quantity\n${[5, 6, 7, 8, 9].map((hour) => `03/08/2026,${hour},OAK_CC1,CCGT90,350.5\n`).join('')}`,
    },
  },
  {
    target: 'miso.regional_transfer',
    what: 'blank lines above a display were passed over again from each of them, in as many ways as there were lines.',
    fix: 'The pattern of the reference has one way to match, and stays on its line.',
    body: { text: `${'\n'.repeat(20_000)}3000,2500,11.5,,\n` },
  },
];
