/** Limits of interties, surplus, and reports that have lost their header, with figures of our own making. EST all year. */

import { type Body, hourOf } from './golden-case.ts';
import { createdMs, documentOf } from './ieso-price-bodies.ts';
import type { Figure } from './printed-line.ts';

const OFFSET = 5;
const MW = 'MW';
const ZONES = ['NYSIN', 'NYSIX', 'MISIN+NYSIN'];

/** `DAIntertieSchedLimits2`: the hours of a day. */
export function limitHours(date: string): Body {
  const created = '2025-11-01T12:40:02';
  const body = [`<DeliveryDate>${date}</DeliveryDate>`];
  const figures: Figure[] = [];
  for (const [n, zone] of ZONES.entries()) {
    body.push(`<IntertieZonalEnergies><IntertieZoneName>${zone}</IntertieZoneName>`);
    for (const hour of [1, 2, 3, 24]) {
      const value = String(1_500 + n * 210 - hour);
      body.push(
        `<HourlyEnergy><DeliveryHour>${hour}</DeliveryHour><EnergyMW>${value}</EnergyMW></HourlyEnergy>`,
      );
      figures.push({
        location: zone,
        ...hourOf(date, hour, OFFSET),
        field: 'limit_day_ahead',
        value,
        unit: MW,
        published: createdMs(created),
      });
    }
    body.push('</IntertieZonalEnergies>');
  }
  return { payload: documentOf('DAIntertieSchedLimits2', created, body), figures };
}

/** `RTIntertieSchedLimits`: the five minutes of an hour; the last has no limit. */
export function limitMinutes(date: string, hour: number): Body {
  const created = `${date}T03:05:11`;
  const body = [`<DeliveryDate>${date}</DeliveryDate><DeliveryHour>${hour}</DeliveryHour>`];
  const figures: Figure[] = [];
  for (const [n, zone] of ZONES.entries()) {
    body.push(`<IntertieZonalEnergies><IntertieZoneName>${zone}</IntertieZoneName>`);
    for (const interval of [1, 2, 12]) {
      const value = interval === 12 ? null : String(900 + n * 55 - interval);
      const energy = value === null ? '' : `<EnergyMW>${value}</EnergyMW>`;
      body.push(`<IntervalEnergy><Interval>${interval}</Interval>${energy}</IntervalEnergy>`);
      figures.push({
        location: zone,
        ...hourOf(date, hour, OFFSET, interval),
        field: 'limit',
        value,
        unit: MW,
        published: createdMs(created),
      });
    }
    body.push('</IntertieZonalEnergies>');
  }
  return { payload: documentOf('RTIntertieSchedLimits', created, body), figures };
}

/** `SurplusBaseloadGen`: days with their exports, an hour without a figure. */
export function surplus(date: string): Body {
  const created = '2026-03-07T08:05:00';
  const next = new Date(Date.parse(`${date}T00:00:00Z`) + 24 * 3_600_000).toISOString().slice(0, 10);
  const body: string[] = [];
  const figures: Figure[] = [];
  for (const [n, day] of [date, next].entries()) {
    const exports = String(1_750 + n * 40);
    const { start } = hourOf(day, 1, OFFSET);
    const { end } = hourOf(day, 24, OFFSET);
    const shared = { location: 'ONTARIO', unit: MW, published: createdMs(created) };
    body.push(
      `<DailyForecast><DateForecast>${day}</DateForecast><ExportForecast>${exports}</ExportForecast><MinGenerationStatus>N</MinGenerationStatus>`,
    );
    figures.push({ ...shared, start, end, field: 'export_forecast', value: exports });
    for (const hour of [1, 3, 24]) {
      const value = hour === 3 ? null : String(120 * n + hour);
      body.push(
        `<HourlyForecast><Hour>${hour}</Hour><EnergyMW>${value ?? ''}</EnergyMW><Action>Other</Action></HourlyForecast>`,
      );
      figures.push({ ...shared, ...hourOf(day, hour, OFFSET), field: 'surplus_forecast', value });
    }
    body.push('</DailyForecast>');
  }
  return { payload: documentOf('SurplusBaseloadGen', created, body), figures };
}

/** `Demand`: the market and Ontario. */
export function demandYear(date: string): Body {
  const lines = ['Date,Hour,Market Demand,Ontario Demand'];
  const figures: Figure[] = [];
  for (const hour of [1, 2, 3, 24]) {
    const values = [String(16_400 - hour * 11), String(14_100 - hour * 7)];
    lines.push(`${date},${hour},${values.join(',')}`);
    for (const [k, field] of ['market_demand', 'load'].entries())
      figures.push({
        location: 'ONTARIO',
        ...hourOf(date, hour, OFFSET),
        field,
        value: values[k] ?? '',
        unit: MW,
      });
  }
  return { payload: `${lines.join('\n')}\n`, figures };
}

/** The rows alone of a yearly report, which then do not say when they were made. */
export function withoutHeader({ payload, figures }: Body): Body {
  const rows = String(payload)
    .split('\n')
    .filter((line) => /^\d{4}-/.test(line));
  return {
    payload: `${rows.join('\n')}\n`,
    figures: figures.map(({ published: _, ...figure }) => figure),
  };
}
