/** Reads the text exposition format (version 0.0.4) strictly: what a scraper would refuse, this refuses. */

import assert from 'node:assert/strict';

/** A scrape. */
export interface Exposition {
  /** Samples as `name{label="value",…}`, labels as they came. */
  readonly samples: readonly string[];
  /** Type of each family by name. */
  readonly types: ReadonlyMap<string, string>;
  /** The value of a sample; undefined where there is none. */
  value(sample: string): number | undefined;
}

const SAMPLE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\S+)$/;

/** Fails on a line that is none of the format, a sample without a family, a family twice, a sample twice, buckets that fall. */
export function parseExposition(text: string): Exposition {
  assert.ok(text.endsWith('\n'), 'the last line is not ended');
  const types = new Map<string, string>();
  const values = new Map<string, number>();
  const cumulated = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# HELP ')) continue;
    const type = /^# TYPE (\S+) (counter|gauge|histogram|summary|untyped)$/.exec(line);
    if (type !== null) {
      assert.ok(!types.has(type[1]), `family ${type[1]} twice`);
      types.set(type[1], type[2]);
      continue;
    }
    const sample = SAMPLE.exec(line);
    assert.ok(sample !== null, `not of the format: ${line}`);
    const [, name, labels = '', written] = sample;
    const family = types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
    assert.ok(types.has(family), `${name} belongs to no family`);
    const value =
      written === 'Nan' || written === 'NaN' ? Number.NaN : Number(written.replace('Inf', 'Infinity'));
    const key = name + labels;
    assert.ok(!values.has(key), `${key} twice`);
    values.set(key, value);
    if (types.get(family) !== 'histogram' || !name.endsWith('_bucket')) continue;
    const series = key.replace(/le="[^"]*",?/, '');
    assert.ok(value >= (cumulated.get(series) ?? 0), `${key} is less than the bucket before it`);
    cumulated.set(series, value);
  }
  return { samples: [...values.keys()], types, value: (sample) => values.get(sample) };
}
