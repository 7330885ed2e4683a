import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportPage } from '../../../connectors/caiso/report-pages.ts';
import { headOf } from '../../../connectors/kit/payload.ts';
import { CarbonError } from '../../../core/errors.ts';
import { formatInstant } from '../../../core/time/instant.ts';

const page = (script: string, day = 'March 08, 2026'): string =>
  `<!DOCTYPE html>\n<html><head><title>Daily Renewable Report</title></head><body><h3>${day}</h3>\n<script>\n${script}\n</script></body></html>\n`;
const payload = (text: string, name = 'a.html'): { name: string; bytes: Uint8Array } => ({
  name,
  bytes: new TextEncoder().encode(text),
});
const list = (n: number): string => `[${Array.from({ length: n }, (_, i) => i).join(',')}]`;
const spanOf = (text: string): string[] => {
  const { rows } = reportPage.decode(payload(text));
  return [rows[0], rows[1], rows.at(-1)].map((row) => `${row?.bounds?.start} ${row?.bounds?.end}`);
};

test('report pages of CAISO: the length of an array tells its steps on days of 23, 24 and 25 hours', () => {
  assert.deepEqual(spanOf(page(`var tot_energy_rtd = ${list(276)};`)), [
    '2026-03-08T08:00 2026-03-08T08:05',
    '2026-03-08T08:05 2026-03-08T08:10',
    '2026-03-09T06:55 2026-03-09T07:00',
  ]);
  assert.deepEqual(spanOf(page(`var as_ru_rtpd = ${list(96)};`, '03/10/2026')), [
    '2026-03-10T07:00 2026-03-10T07:15',
    '2026-03-10T07:15 2026-03-10T07:30',
    '2026-03-11T06:45 2026-03-11T07:00',
  ]);
  assert.deepEqual(spanOf(page(`var tot_charge_ifm = ${list(25)};`, 'November 1, 2026')), [
    '2026-11-01T07:00 2026-11-01T08:00',
    '2026-11-01T08:00 2026-11-01T09:00',
    '2026-11-02T07:00 2026-11-02T08:00',
  ]);
});

test('report pages of CAISO: arrays of other lengths, of the year and of days are told as not read', () => {
  const { rows, drift } = reportPage.decode(
    payload(
      page(
        `tot_energy_ifm = ${list(23)};\ncurt_daily_econ_local_mwh = [1,2,3];\ncurt_hourly_ytd_econ_local_mwh = ${list(23)};\ntot_energy_rtd = ${list(288)};`,
      ),
    ),
  );
  assert.equal(rows.length, 23);
  assert.equal(rows[0]?.row, 4);
  assert.deepEqual(
    drift.map(({ column }) => column),
    ['curt_daily_econ_local_mwh', 'curt_hourly_ytd_econ_local_mwh', 'tot_energy_rtd'],
  );
});

test('report pages of CAISO: the name goes before the words of the page, and no day at all is refused', () => {
  const text = page(`tot_energy_ifm = ${list(24)};`, 'Published March 11, 2026');
  const { rows } = reportPage.decode(payload(text, 'daily-energy-storage-report-mar-10-2026.html'));
  assert.equal(rows[0]?.bounds?.start, formatInstant(Date.parse('2026-03-10T07:00Z') * 1_000).slice(0, 16));
  assert.throws(
    () => reportPage.decode(payload(page(`tot_energy_ifm = ${list(24)};`, 'no day'))),
    (error) => error instanceof CarbonError && error.code === 'SOURCE_COLUMN_MISSING',
  );
});

test('report pages of CAISO: a page of another kind is none, one without an array of its day is no data', () => {
  const other = '<html><head><title>Today</title></head><body><script>var x = [1,2];</script></body></html>';
  assert.equal(reportPage.recognise(headOf(payload(other))), 0);
  assert.throws(
    () => reportPage.decode(payload(page('tot_energy_ifm = [1];'))),
    (error) => error instanceof CarbonError && error.code === 'SOURCE_NOT_DATA',
  );
});

test('report pages of CAISO: a page that ends inside an array is damaged there', () => {
  const whole = page(`tot_energy_ifm = ${list(23)};\ntot_energy_ruc = ${list(23)};`);
  const { rows, damage } = reportPage.decode(payload(whole.slice(0, whole.indexOf('ruc') + 20)));
  assert.equal(rows.length, 23);
  assert.deepEqual([damage?.code, damage?.position.line], ['SOURCE_MALFORMED', 5]);
  assert.equal(reportPage.decode(payload(whole)).damage, null);
});
