/** Who may import whom (docs/house-rules.md, "Rooms"). */

import { type ImportStatement, importsOf, packageOf, targetOf } from './imports.ts';
import type { Problem, SourceFile } from './source-files.ts';

/** The vendor libraries of each driver. A new driver is named here together with its library. */
export const DRIVER_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  chdb: ['chdb', '@clickhouse/client'],
  clickhouse: ['@clickhouse/client'],
  containers: ['yauzl', 'saxes'],
  'disk-archive': [],
  'http-undici': ['undici'],
  'http-fastify': ['fastify'],
  kafka: ['@platformatic/kafka'],
  'memory-cache': [],
  'native-crc32c': ['@node-rs/crc32'],
  'pino-telemetry': ['pino'],
  'postgres-reference': ['pg'],
  prometheus: ['prom-client'],
  'redis-cache': ['@redis/client'],
  'schema-confluent': [],
  'schema-files': [],
  'sqlite-log': [],
  'sqlite-reference': [],
  'system-clock': [],
};

/** Pure decoding libraries that the readers of the kit may use. */
const READER_PACKAGES: readonly string[] = ['saxes'];

interface Wall {
  /** Beginnings of the paths that may be imported. */
  readonly folders: readonly string[];
  readonly packages: readonly string[];
  readonly node: boolean;
}

/** What a file may import; null when everything. A driver that the table does not know has no packages. */
export function wallOf(path: string): Wall | null {
  const [room, name] = path.split('/');
  const isFile = path.split('/').length === 2;
  if (room === 'core') return { folders: ['core/'], packages: [], node: false };
  if (room === 'connectors') {
    if (isFile) return { folders: ['core/', 'connectors/'], packages: [], node: false };
    const packages = path.startsWith('connectors/kit/readers/') ? READER_PACKAGES : [];
    return { folders: ['core/', 'connectors/kit/', `connectors/${name}/`], packages, node: false };
  }
  if (room === 'services') {
    const packages = path.endsWith('/config.ts') ? ['zod'] : [];
    return { folders: ['core/', `services/${name}/`], packages, node: false };
  }
  if (room === 'drivers') {
    return { folders: ['core/', `drivers/${name}/`], packages: DRIVER_PACKAGES[name] ?? [], node: true };
  }
  // Simulators are written from the markets' descriptions: what decodes their payloads is out of reach.
  if (room === 'simulators')
    return {
      folders: ['core/time/', 'core/model/decimal.ts', 'core/errors.ts', 'simulators/'],
      packages: [],
      node: true,
    };
  return null;
}

/** Imports that climb a wall. The product never imports tests, scripts or benchmarks. */
export function wallProblems(files: readonly SourceFile[]): Problem[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap((statement) => {
      const message = breach(file.path, statement);
      return message === null ? [] : [{ path: file.path, line: statement.line, message }];
    }),
  );
}

/** Where decoders are loaded, for whoever in `app` asks for them. */
const DECODERS = 'app/connectors/coded.ts';

function breach(path: string, { specifier, kind }: ImportStatement): string | null {
  const target = targetOf(path, specifier);
  const wall = wallOf(path);
  if (target !== null) {
    if (!target.endsWith('.ts') && !target.endsWith('.json'))
      return `import ${specifier} does not end in .ts: name the file`;
    if (wall === null && kind !== 'type' && path !== DECODERS && /^connectors\/(?!kit\/)/.test(target))
      return `imports ${target}: most starts need no decoder; ask ${DECODERS}, which loads them`;
    if (wall === null)
      return /^(tests|scripts|bench)\//.test(target)
        ? `app imports ${target}: move what it needs into a room`
        : null;
    if (wall.folders.some((folder) => target.startsWith(folder))) return null;
    return `imports ${target}; allowed are ${wall.folders.join(', ')}: move the code, or hand the value in from app`;
  }
  if (wall === null) return null;
  if (specifier.startsWith('node:'))
    return wall.node ? null : `imports ${specifier}: a pure room has none; do it in drivers or app`;
  if (wall.packages.includes(packageOf(specifier))) return null;
  const allowed = wall.packages.length === 0 ? 'no package' : wall.packages.join(', ');
  return `imports the package ${specifier}; allowed is ${allowed}: vendor libraries live in drivers (tests/house/walls.ts)`;
}
