/** Faults over real sockets: each once, what it looks like to a client, and that it is gone the next time. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY } from '../../../core/time/instant.ts';
import {
  FAULT_NAMES,
  type FaultName,
  type FaultPlan,
  type RequestRecord,
  type Simulator,
  startSimulator,
} from '../../../simulators/catalog.ts';
import { cellsOf, membersOf, utc } from './ask.ts';

const AT = utc('2025-07-08T16:02:00Z');
/** One request per market that a fault may fit, tried in this order. */
const PATHS: readonly (readonly [market: string, path: string])[] = [
  ['nyiso', '/public/csv/damlbmp/20250708damlbmp_zone.csv'],
  ['miso', '/marketreports/20250708_da_expost_lmp.csv'],
  [
    'caiso',
    '/oasisapi/SingleZip?queryname=PRC_HASP_LMP&version=3&market_run_id=HASP&startdatetime=20250707T07:00-0000&enddatetime=20250708T07:00-0000&resultformat=6&node=TH_NP15_GEN-APND',
  ],
  [
    'ercot',
    '/api/public-reports/np4-190-cd/dam_stlmnt_pnt_prices?deliveryDateFrom=2025-07-08&deliveryDateTo=2025-07-08',
  ],
  ['ercot', '/misapp/servlets/IceDocListJsonWS?reportTypeId=12331'],
];
/** Faults that fit only some of them. */
const MARKET_OF: Partial<Record<FaultName, string>> = {
  'truncated-zip': 'caiso',
  'empty-zip': 'caiso',
  'oasis-busy': 'caiso',
  'preamble-missing': 'miso',
  'unpadded-date': 'miso',
  'thousands-commas': 'miso',
  'future-stamps': 'caiso',
  'renamed-column': 'caiso',
  'string-numbers': 'ercot',
  'shuffled-rows': 'ercot',
  'wrong-offset': 'ercot',
};

interface Visit {
  readonly response: Response;
  readonly bytes: Uint8Array;
  readonly text: string;
}

async function visit(
  simulator: Simulator,
  path: string,
  headers: Record<string, string> = {},
): Promise<Visit> {
  const response = await fetch(simulator.origin + path, { headers });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { response, bytes, text: new TextDecoder().decode(bytes) };
}

async function withSimulator<T>(
  market: string,
  faults: FaultPlan,
  work: (simulator: Simulator) => Promise<T>,
  seed = 3,
): Promise<T> {
  const simulator = await startSimulator(market, { seed, nodes: 16, clock: () => AT, faults });
  try {
    return await work(simulator);
  } finally {
    await simulator.close();
  }
}

/** The good body, the one with the fault (or the error of the client), the one after it, and the record of the fault. */
async function struck(fault: FaultName) {
  const fitting = PATHS.filter(([name]) => name === (MARKET_OF[fault] ?? 'nyiso'));
  const [market, path] = fitting[fault === 'wrong-offset' ? 1 : 0];
  const good = await withSimulator(market, {}, (simulator) => visit(simulator, path));
  return withSimulator(market, { once: [fault], slowBodyMs: 300 }, async (simulator) => {
    assert.deepEqual(simulator.pendingFaults(), [fault]);
    const began = performance.now();
    const bad = await visit(simulator, path).catch((error: Error) => error);
    const took = performance.now() - began;
    const after = await visit(simulator, path);
    const [record, next] = simulator.requests();
    assert.equal(record.fault, fault);
    assert.equal(next.fault, null);
    assert.deepEqual(simulator.pendingFaults(), []);
    assert.deepEqual(after.bytes, good.bytes, 'the fault is gone the next time');
    return { good, bad, took, record };
  });
}

function answered(bad: Visit | Error): Visit {
  assert.ok(!(bad instanceof Error), String(bad));
  return bad;
}

type Check = (result: { good: Visit; bad: Visit | Error; took: number; record: RequestRecord }) => unknown;

const statusIs =
  (status: number): Check =>
  ({ bad }) =>
    assert.equal(answered(bad).response.status, status);

/** Texts of the first member, or of the body itself. */
async function contentOf({ bytes, text }: Visit): Promise<string> {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return text;
  return [...(await membersOf(bytes)).values()][0];
}

const CHECKS: Record<FaultName, Check> = {
  'too-many-requests': (result) => {
    statusIs(429)(result);
    assert.equal(answered(result.bad).response.headers.get('retry-after'), '1');
  },
  'server-error': statusIs(500),
  unavailable: statusIs(503),
  overloaded: (result) => {
    statusIs(503)(result);
    assert.equal(answered(result.bad).response.headers.get('retry-after'), '1');
  },
  'slow-body': ({ good, bad, took }) => {
    assert.deepEqual(answered(bad).bytes, good.bytes);
    assert.ok(took >= 250, `${took} ms`);
  },
  'cut-body': ({ bad }) => assert.ok(bad instanceof Error),
  'truncated-zip': async ({ good, bad }) => {
    const { bytes } = answered(bad);
    assert.deepEqual(bytes, good.bytes.slice(0, bytes.length));
    await assert.rejects(membersOf(bytes));
  },
  'truncated-gzip': ({ good, bad, record }) => {
    // This client takes what it can get; the length tells that it is not all.
    const { response, text } = answered(bad);
    assert.equal(response.headers.get('content-encoding'), 'gzip');
    assert.ok(good.text.startsWith(text) && text.length < good.text.length, `${text.length} characters`);
    assert.deepEqual(record.effects, []);
  },
  'empty-zip': async ({ bad }) => assert.equal((await membersOf(answered(bad).bytes)).size, 0),
  'empty-body': (result) => {
    statusIs(200)(result);
    assert.equal(answered(result.bad).bytes.length, 0);
  },
  'html-page': (result) => {
    statusIs(200)(result);
    assert.match(answered(result.bad).text, /^<!DOCTYPE html>/);
  },
  'oasis-busy': async ({ bad }) => {
    assert.match(await contentOf(answered(bad)), /<m:ERR_CODE>1015<\/m:ERR_CODE>/);
  },
  'wrong-etag': ({ good, bad }) => {
    const { bytes, response } = answered(bad);
    assert.deepEqual(bytes, good.bytes);
    assert.notEqual(response.headers.get('etag'), good.response.headers.get('etag'));
  },
  'preamble-missing': ({ good, bad, record }) => {
    const lines = good.text.split('\n');
    assert.equal(answered(bad).text, [...lines.slice(0, 2), ...lines.slice(3)].join('\n'));
    assert.deepEqual(record.effects, []);
  },
  'header-blanks': ({ good, bad, record }) => {
    const [head, ...rows] = answered(bad).text.split('\n');
    assert.match(head, /^"Time Stamp ","Name ","PTID ",/);
    assert.deepEqual(rows, good.text.split('\n').slice(1));
    assert.deepEqual(record.effects, []);
  },
  'added-column': ({ good, bad, record }) => {
    const [head, ...rows] = answered(bad).text.trimEnd().split('\n');
    assert.ok(head.endsWith(',"ADDED"'));
    assert.deepEqual(
      rows.map((row) => row.replace(/,"X1"$/, '')),
      good.text.trimEnd().split('\n').slice(1),
    );
    assert.deepEqual(record.effects, []);
  },
  'unpadded-date': ({ good, bad }) =>
    assert.equal(answered(bad).text, good.text.replace('07/08/2025', '7/8/2025')),
  'repeated-file': ({ bad, record }) => {
    // The file of the day before, under the name of this one.
    assert.match(answered(bad).text.split('\n')[1], /^"07\/07\/2025 00:00"/);
    assert.equal(record.effects[0].kind, 'missing');
    assert.equal(record.effects[0].values.length, 24 * 15 * 3);
  },
  'missing-interval': ({ good, bad, record }) => {
    const [effect] = record.effects;
    assert.equal(effect.kind, 'missing');
    assert.equal(effect.values.length, 15 * 3);
    assert.equal(new Set(effect.values.map(({ start }) => start)).size, 1);
    assert.equal(cellsOf(answered(bad).text).length, cellsOf(good.text).length - 15);
  },
  'future-stamps': async ({ good, bad, record }) => {
    const [before, after] = [await contentOf(good), await contentOf(answered(bad))];
    const added = cellsOf(after).slice(cellsOf(before).length);
    assert.ok(after.startsWith(before));
    assert.equal(record.effects[0].kind, 'extra');
    assert.deepEqual(
      added.map((row) => utc(row[0])),
      record.effects[0].values.map(({ start }) => start),
    );
    assert.ok(record.effects[0].values.every(({ start }) => start >= utc('2025-07-09T06:45:00Z')));
  },
  'no-value-words': ({ good, bad, record }) => {
    const [effect] = record.effects;
    assert.equal(effect.kind, 'no-value');
    const before = cellsOf(good.text);
    const spoilt = cellsOf(answered(bad).text).flatMap((row, r) =>
      row.flatMap((cell, c) =>
        cell === before[r][c] ? [] : [{ cell, location: row[1].replaceAll('"', ''), was: before[r][c] }],
      ),
    );
    assert.ok(spoilt.length >= 2);
    assert.ok(spoilt.every(({ cell }) => cell === 'NA' || cell === '-'));
    assert.deepEqual(
      spoilt.map(({ location, was }) => `${location} ${Number(was)}`).sort(),
      effect.values.map(({ location, value }) => `${location} ${Number(value)}`).sort(),
    );
  },
  'thousands-commas': ({ good, bad, record }) => {
    const before = cellsOf(good.text).slice(4);
    const rows = answered(bad)
      .text.trimEnd()
      .split('\n')
      .slice(5)
      .map((line) => line.match(/"[^"]*"|[^,]+/g) ?? []);
    rows.forEach((row, r) => {
      row.forEach((cell, c) => {
        if (c < 3) return;
        assert.match(cell, /^(-?\$\d{1,3}\.\d\d|"-?\$\d{1,3}(,\d{3})+\.\d\d")$/);
        assert.equal(Number(cell.replaceAll(/["$,]/g, '')), Number(before[r][c]));
      });
    });
    assert.deepEqual(record.effects, []);
  },
  'string-numbers': ({ good, bad, record }) => {
    assert.match(good.text, /"data":\[\["2025-07-08","01:00","HB_BUSAVG",-?[\d.]+,false\]/);
    assert.match(answered(bad).text, /"data":\[\["2025-07-08","01:00","HB_BUSAVG","-?[\d.]+",false\]/);
    assert.equal(answered(bad).text.replaceAll(/"(-?\d+(\.\d+)?)",false/g, '$1,false'), good.text);
    assert.deepEqual(record.effects, []);
  },
  'renamed-column': async ({ good, bad }) => {
    const [before, after] = [await contentOf(good), await contentOf(answered(bad))];
    assert.equal(after, before.replace(',POS,MW,', ',POS,VALUE,'));
  },
  'shuffled-rows': ({ good, bad, record }) => {
    const rowsOf = ({ text }: Visit): string[] => JSON.parse(text).data.map(String);
    assert.notDeepEqual(rowsOf(answered(bad)), rowsOf(good));
    assert.deepEqual(rowsOf(answered(bad)).sort(), rowsOf(good).sort());
    assert.deepEqual(record.effects, []);
  },
  'wrong-offset': ({ good, bad }) => {
    const [before, after] = [good.text, answered(bad).text].map((text) =>
      text.match(/"PublishDate":"[^"]*"/g)?.join(),
    );
    assert.match(String(before), /T12:\d\d:\d\d-05:00/);
    assert.equal(after, before?.replaceAll('-05:00"', '-06:00"'));
  },
  'wrong-charset': ({ bad, record }) => {
    const { bytes } = answered(bad);
    assert.throws(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    assert.equal(bytes.filter((byte) => byte > 127).length, 1);
    const [effect] = record.effects;
    assert.equal(effect.kind, 'unreadable');
    assert.equal(effect.values.length, 3);
    assert.ok(new TextDecoder('latin1').decode(bytes).includes(`"${effect.values[0].location}É"`));
  },
};

for (const fault of FAULT_NAMES)
  test(`fault ${fault}: strikes once, looks as it should, and is gone`, async () => {
    await CHECKS[fault](await struck(fault));
  });

test('an archive that is repeated holds its file twice', async () => {
  const [, path] = PATHS[2];
  await withSimulator('caiso', { once: ['repeated-file'] }, async (simulator) => {
    const [one, two] = [...(await membersOf((await visit(simulator, path)).bytes))];
    assert.equal(one[1], two[1]);
    assert.notEqual(one[0], two[0]);
    assert.deepEqual(simulator.requests()[0].effects, []);
  });
});

test('a wide file that misses an interval has blanks in its column', async () => {
  await withSimulator('miso', { once: ['missing-interval'] }, async (simulator) => {
    const { text } = await visit(simulator, PATHS[1][1]);
    const columns = new Set<number>();
    for (const row of cellsOf(text).slice(4))
      row.forEach((cell, c) => {
        if (cell === '') columns.add(c);
      });
    assert.equal(columns.size, 1);
    assert.equal(simulator.requests()[0].effects[0].values.length, 16 * 3);
  });
});

test('all faults of a plan strike once each, over the requests of a day; none strikes the same request twice running', async () => {
  const seen = new Set<FaultName>();
  for (const [market, path] of PATHS)
    await withSimulator(market, { once: FAULT_NAMES, slowBodyMs: 10 }, async (simulator) => {
      for (let k = 0; k < 50; k++) await visit(simulator, path).catch(() => null);
      const faults = simulator.requests().map(({ fault }) => fault);
      assert.ok(faults.every((fault, k) => fault === null || (faults[k + 1] ?? null) === null));
      const struckOnce = faults.filter((fault) => fault !== null);
      assert.equal(new Set(struckOnce).size, struckOnce.length);
      assert.equal(struckOnce.length + simulator.pendingFaults().length, FAULT_NAMES.length);
      for (const fault of struckOnce) seen.add(fault);
    });
  assert.deepEqual([...seen].sort(), [...FAULT_NAMES].sort());
});

test('rates: the same seed strikes alike, about as often as asked; zero never', async () => {
  const run = (seed: number): Promise<(FaultName | null)[]> =>
    withSimulator(
      'nyiso',
      { rates: { unavailable: 0.3, 'server-error': 0 } },
      async (simulator) => {
        for (let k = 0; k < 60; k++)
          await visit(simulator, `/public/csv/damlbmp/2025070${1 + (k % 8)}damlbmp_zone.csv`);
        return simulator.requests().map(({ fault }) => fault);
      },
      seed,
    );
  const [one, again, other] = [await run(3), await run(3), await run(4)];
  assert.deepEqual(one, again);
  assert.notDeepEqual(one, other);
  const hits = one.filter((fault) => fault === 'unavailable').length;
  assert.ok(hits >= 5 && hits <= 25, String(hits));
  assert.ok(!one.includes('server-error'));
});

test('what the market refuses is not struck, and truth knows nothing of faults', async () => {
  await withSimulator('nyiso', { once: ['no-value-words', 'unavailable'] }, async (simulator) => {
    assert.equal(
      (await visit(simulator, '/public/csv/damlbmp/20200101damlbmp_zone.csv')).response.status,
      404,
    );
    assert.deepEqual(simulator.requests()[0], {
      path: '/public/csv/damlbmp/20200101damlbmp_zone.csv',
      at: AT,
      status: 404,
      fault: null,
      bytes: 196,
      effects: [],
    });
    await visit(simulator, PATHS[0][1]);
    const [, { effects }] = simulator.requests();
    for (const { dataset, location, field, start, value } of effects[0].values)
      assert.equal(simulator.truth({ dataset, location, field, start }), value);
    const none = { dataset: 'da_lmp', location: 'N.Y.C.', field: 'lmp', start: AT + 9 * DAY };
    assert.equal(simulator.truth(none), null);
  });
});
