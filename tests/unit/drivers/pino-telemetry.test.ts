/** Log lines: one JSON object each, with the documents' keys and without secrets. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LogPolicy } from '../../../core/ports/log-policy.ts';
import type { TelemetryEvent } from '../../../core/ports/telemetry.ts';
import { withoutSecrets } from '../../../drivers/pino-telemetry/redaction.ts';
import { type PinoTelemetryOptions, pinoTelemetry } from '../../../drivers/pino-telemetry/telemetry.ts';

const POLICY: LogPolicy = { level: 'info', loggers: {}, redact: ['password'] };

function linesOf(events: readonly TelemetryEvent[], options: Partial<PinoTelemetryOptions> = {}): string[] {
  const lines: string[] = [];
  const telemetry = pinoTelemetry({
    service: 'normalization',
    policy: POLICY,
    level: null,
    clock: { now: () => 1_759_691_553_000_000 },
    write: (line) => lines.push(line),
    ...options,
  });
  for (const event of events) telemetry.emit(event);
  return lines;
}

const at = (level: TelemetryEvent['level'], facts: TelemetryEvent['facts'] = {}): TelemetryEvent => ({
  name: 'batch.committed',
  level,
  facts,
});

test('an event is one JSON line: level, ts, service, event, then its facts', () => {
  const events: TelemetryEvent[] = [
    at('info', { connector: 'miso', records: 2500, trace_id: 'ab' }),
    { name: 'hidden', level: 'debug', facts: {} },
    {
      name: 'odd',
      level: 'warning',
      facts: { ts: 'x', level: 'x', event: 'x', service: 'aggregation', text: 'a\n"b"' },
    },
    { name: 'bad', level: 'error', facts: { ok: false } },
  ];
  assert.deepEqual(linesOf(events), [
    '{"level":"INFO","ts":"2025-10-05T19:12:33Z","service":"normalization","event":"batch.committed","connector":"miso","records":2500,"trace_id":"ab"}\n',
    '{"level":"WARNING","ts":"2025-10-05T19:12:33Z","service":"aggregation","event":"odd","text":"a\\n\\"b\\""}\n',
    '{"level":"ERROR","ts":"2025-10-05T19:12:33Z","service":"normalization","event":"bad","ok":false}\n',
  ]);
});

test('the threshold lets its own level through: option before logger before policy', () => {
  const levels = ['debug', 'info', 'warning', 'error'] as const;
  const events = levels.map((level) => at(level));
  for (const [i, level] of levels.entries()) {
    assert.equal(linesOf(events, { policy: { ...POLICY, level } }).length, 4 - i);
    const loggers = { normalization: { level } };
    assert.equal(linesOf(events, { policy: { ...POLICY, loggers } }).length, 4 - i);
    assert.equal(
      linesOf(events, { policy: { ...POLICY, loggers: { normalization: {} } }, level }).length,
      4 - i,
    );
  }
  // A command is its own logger, whatever service it drives.
  const spoken = at('info', { service: 'aggregation' });
  const loggers = { aggregation: { level: 'debug' as const }, normalization: { level: 'error' as const } };
  assert.equal(linesOf([spoken], { policy: { ...POLICY, loggers } }).length, 0);
});

test('a logger puts its keys first and leaves some out', () => {
  const loggers = { normalization: { keys: ['status', 'records', 'absent'], omit: ['topic'] } };
  const [line] = linesOf([at('info', { topic: 't', records: 1, offset: 2, status: 'ok' })], {
    policy: { ...POLICY, loggers },
  });
  assert.match(line, /"event":"batch.committed","status":"ok","records":1,"offset":2}/);
});

test('a line that cannot be written stops nobody', () => {
  const write = (): void => {
    throw new Error('closed');
  };
  linesOf([at('error')], { write });
});

test('secrets are not printed: by the name of the fact, and inside texts', () => {
  const secret = 'hunter2hunter2';
  const facts = {
    password: secret,
    Password: secret,
    url: `https://user:${secret}@host/x?api_key=${secret}&from=1&access_token=${secret}`,
    error: `refused: Authorization: Bearer ${secret}; "client_secret": "${secret}", Ocp-Apim-Subscription-Key: ${secret}`,
    dsn: `postgres://me:${secret}@db:5432/carbon`,
  };
  const [line] = linesOf([at('error', facts)]);
  assert.ok(!line.includes(secret), line);
  for (const kept of ['host/x?', 'from=1', 'db:5432/carbon', 'refused']) assert.ok(line.includes(kept), kept);
});

test('texts without secrets stay as they are', () => {
  for (const text of [
    'https://host:8123/a?b=c',
    'NYISO.DA.LMP.N.Y.C.',
    '10:00:00',
    'a key: 3',
    'tokens of blocks',
  ])
    assert.equal(withoutSecrets(text), text);
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z0-9 .|/-]{0,40}$/), (text) => withoutSecrets(text) === text),
    { numRuns: 300 },
  );
});
