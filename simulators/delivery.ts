/** From an answer to bytes on the way, with one fault at most. */

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { formatInstant, type Micros } from '../core/time/instant.ts';
import { oasisError } from './caiso/error-report.ts';
import { allMissing, type Effect, spoil } from './content-faults.ts';
import { wordOf } from './draw.ts';
import { type FaultName, isContentFault } from './fault-menu.ts';
import { httpDate, wallAt } from './local-time.ts';
import type { Answer, Member, Report } from './market.ts';
import { type ZipMember, zipOf } from './zip-writer.ts';

/** What goes over the wire. */
export interface Delivery {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** How the body is sent. */
  readonly manner: 'whole' | 'slow' | 'cut';
  readonly effects: readonly Effect[];
}

const encoder = new TextEncoder();
const HTML = { 'content-type': 'text/html' };

/** The delivery of an answer. `path` decides where a fault in content strikes. */
export function deliver(
  answer: Answer,
  fault: FaultName | null,
  seed: number,
  path: string,
  at: Micros,
): Delivery {
  if (answer.kind === 'refusal') {
    const body = typeof answer.body === 'string' ? encoder.encode(answer.body) : answer.body;
    return { status: answer.status, headers: answer.headers, body, manner: 'whole', effects: [] };
  }
  if (fault !== null && isContentFault(fault)) return spoilt(answer, fault, seed, path);
  if (fault === null) return whole(answer, answer.members, []);
  return disturbed(whole(answer, answer.members, []), fault, at);
}

function whole(report: Report, members: readonly Member[], effects: readonly Effect[]): Delivery {
  return delivery(report, members, filesOf(members, 'utf8'), effects);
}

/** The bytes of members; texts in an encoding. */
function filesOf(members: readonly Member[], encoding: 'utf8' | 'latin1'): Uint8Array[] {
  return members.map((member) => {
    const body = member.render(member.table);
    return typeof body === 'string' ? Buffer.from(body, encoding) : body;
  });
}

function delivery(
  report: Report,
  members: readonly Member[],
  files: readonly Uint8Array[],
  effects: readonly Effect[],
): Delivery {
  const body =
    report.container === 'plain'
      ? files[0]
      : zipOf(
          members.map(
            ({ name, modifiedAt }, k): ZipMember => ({
              name,
              bytes: files[k],
              modified: wallAt(report.zone, modifiedAt),
            }),
          ),
        );
  const { lastModified } = report;
  const headers =
    lastModified === null
      ? report.headers
      : { ...report.headers, 'last-modified': httpDate(lastModified), etag: etagOf(body) };
  return { status: 200, headers, body, manner: 'whole', effects };
}

/** A strong validator: the same bytes have the same one. */
function etagOf(body: Uint8Array): string {
  return `"0x${createHash('sha256').update(body).digest('hex').slice(0, 15).toUpperCase()}"`;
}

function spoilt(report: Report, fault: FaultName, seed: number, path: string): Delivery {
  if (!isContentFault(fault)) return whole(report, report.members, []);
  if (fault === 'repeated-file') return repeated(report);
  const [first, ...others] = report.members;
  const { table, effects } = spoil(fault, first.table, seed, wordOf(fault), wordOf(path));
  const members = [{ ...first, table }, ...others];
  if (fault !== 'wrong-charset') return whole(report, members, effects);
  return delivery(report, members, filesOf(members, 'latin1'), effects);
}

/** In an archive the same file twice under two names; elsewhere the file of the day before under this name. */
function repeated(report: Report): Delivery {
  const [first] = report.members;
  if (report.container === 'zip') {
    const copy = { ...first, name: first.name.replace(/(\.\w+)$/, '_copy$1') };
    return whole(report, [...report.members, copy], []);
  }
  const before = report.neighbour?.();
  if (before?.kind !== 'report') return whole(report, report.members, []);
  return whole(before, before.members, [allMissing(first.table)]);
}

function disturbed(good: Delivery, fault: FaultName, at: Micros): Delivery {
  const whole = (status: number, headers: Readonly<Record<string, string>>, text: string): Delivery => ({
    status,
    headers,
    body: encoder.encode(text),
    manner: 'whole',
    effects: [],
  });
  switch (fault) {
    case 'too-many-requests':
      return whole(429, { ...HTML, 'retry-after': '1' }, '<html><body>Too Many Requests</body></html>');
    case 'server-error':
      return whole(500, HTML, '<html><body><h1>Internal Server Error</h1></body></html>');
    case 'unavailable':
      return whole(503, {}, '');
    case 'overloaded':
      return whole(503, { ...HTML, 'retry-after': '1' }, '<html><body>Service Unavailable</body></html>');
    case 'truncated-gzip': {
      const body = gzipSync(good.body);
      const headers = { ...good.headers, 'content-encoding': 'gzip' };
      return { ...good, headers, body: body.subarray(0, Math.floor(body.length / 2)) };
    }
    case 'html-page':
      return whole(
        200,
        HTML,
        '<!DOCTYPE html>\n<html><head><title>Maintenance</title></head><body><p>The site is under maintenance.</p></body></html>\n',
      );
    case 'empty-body':
      return { ...good, body: new Uint8Array(0) };
    case 'empty-zip':
      return { ...good, body: zipOf([]) };
    case 'truncated-zip':
      return { ...good, body: good.body.slice(0, Math.floor(good.body.length / 2)) };
    case 'oasis-busy': {
      const stem = /filename=([^;]*)\.zip/.exec(good.headers['content-disposition'] ?? '')?.[1];
      return deliver(oasisError('1015', stem ?? 'OASIS', at), null, 0, '', at);
    }
    case 'wrong-etag':
      return { ...good, headers: { ...good.headers, etag: etagOf(encoder.encode(formatInstant(at))) } };
    case 'slow-body':
      return { ...good, manner: 'slow' };
    case 'cut-body':
      return { ...good, manner: 'cut' };
    default:
      return good;
  }
}
