/** Zip archives as the markets serve them: deflated members, no encryption, no ZIP64 (PKWARE APPNOTE 6.3). */

import { crc32, deflateRawSync } from 'node:zlib';
import type { WallTime } from '../core/time/zone.ts';

/** A member to write. */
export interface ZipMember {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Wall clock of the operator; zip knows no zone and counts in steps of two seconds. */
  readonly modified: WallTime;
}

const VERSION = 20;
const DEFLATED = 8;
/** Names are UTF-8. */
const FLAGS = 0x0800;

/** An archive of the members in their order. The same members give the same bytes. */
export function zipOf(members: readonly ZipMember[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const member of members) {
    const name = new TextEncoder().encode(member.name);
    const body = deflateRawSync(member.bytes);
    const fields = memberFields(member, name, body.length);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    fields.copy(local, 4);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(VERSION, 4);
    fields.copy(central, 6);
    central.writeUInt32LE(offset, 42);
    parts.push(local, name, body);
    directory.push(central, name);
    offset += local.length + name.length + body.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/** What the local and the central header have in common, from "version needed" to the length of the extra field. */
function memberFields(member: ZipMember, name: Uint8Array, compressed: number): Buffer {
  const { year, month, day, hour, minute, second } = member.modified;
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION, 0);
  fields.writeUInt16LE(FLAGS, 2);
  fields.writeUInt16LE(DEFLATED, 4);
  fields.writeUInt16LE((hour << 11) | (minute << 5) | (second >> 1), 6);
  fields.writeUInt16LE(((year - 1980) << 9) | (month << 5) | day, 8);
  fields.writeUInt32LE(crc32(member.bytes), 10);
  fields.writeUInt32LE(compressed, 14);
  fields.writeUInt32LE(member.bytes.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}
