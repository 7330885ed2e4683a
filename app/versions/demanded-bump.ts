/** The version policy (A11): what changed in a connector, and which bump of its version that demands. Pure. */

/** What a version stands for. */
export interface ConnectorSnapshot {
  readonly version: string;
  /** Datasets with their fields. */
  readonly datasets: Readonly<Record<string, readonly string[]>>;
  /** Raw schemas by file name, with the fields of their payload. */
  readonly schemas: Readonly<Record<string, readonly string[]>>;
  /** Cron of each dataset, that of the connector where it has none of its own; empty for a stream. */
  readonly schedules: Readonly<Record<string, string>>;
  /** Everything else of the manifest, as text. */
  readonly rest: string;
}

/** The kinds of bump, least first. */
export const BUMPS = ['none', 'patch', 'minor', 'major'] as const;

/** A kind of bump. */
export type Bump = (typeof BUMPS)[number];

/** One change, and what it demands. */
export interface VersionChange {
  readonly bump: Bump;
  readonly what: string;
}

/** The judgement of one connector. */
export interface VersionJudgement {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly changes: readonly VersionChange[];
  readonly demanded: Bump;
  readonly done: Bump;
  /** What is wrong; none when the policy is kept. */
  readonly problems: readonly string[];
}

const rank = (bump: Bump): number => BUMPS.indexOf(bump);

/**
 * Judges a connector between two states; null for one that is not there. A field added is minor, one removed major and
 * wants a schema of a new name; a schedule patch; a dataset minor, and one removed major; a schema file minor.
 */
export function judgeVersion(
  name: string,
  before: ConnectorSnapshot | null,
  after: ConnectorSnapshot | null,
): VersionJudgement {
  const versions = { before: before?.version ?? null, after: after?.version ?? null };
  if (before === null || after === null) {
    const what = before === null ? 'the connector is new' : 'the connector is gone';
    return {
      name,
      ...versions,
      changes: [{ bump: 'none', what }],
      demanded: 'none',
      done: 'none',
      problems: [],
    };
  }
  const changes = changesBetween(before, after);
  const demanded = changes.reduce<Bump>((most, { bump }) => (rank(bump) > rank(most) ? bump : most), 'none');
  const done = bumpBetween(before.version, after.version);
  const problems: string[] = [];
  if (done === null) problems.push(`${after.version} lies before ${before.version}`);
  else if (rank(done) < rank(demanded))
    problems.push(
      `${demanded} is demanded: ${before.version} becomes ${bumped(before.version, demanded)}, and not ${after.version}`,
    );
  const fieldsGone = changes.some(({ what }) => what.startsWith('field ') && what.endsWith(' is gone'));
  const hasNewSchema = Object.keys(after.schemas).some((file) => before.schemas[file] === undefined);
  if (fieldsGone && !hasNewSchema) problems.push('a field is gone, and there is no schema of a new version');
  return { name, ...versions, changes, demanded, done: done ?? 'none', problems };
}

function changesBetween(before: ConnectorSnapshot, after: ConnectorSnapshot): VersionChange[] {
  const changes: VersionChange[] = [];
  const say = (bump: Bump, what: string): void => void changes.push({ bump, what });
  compare(before.datasets, after.datasets, 'dataset', say);
  compare(before.schemas, after.schemas, 'schema', say);
  for (const [dataset, cron] of Object.entries(after.schedules)) {
    const old = before.schedules[dataset];
    if (old !== undefined && old !== cron)
      say('patch', `schedule of ${dataset} is ${cron || 'none'}, and was ${old || 'none'}`);
  }
  if (before.rest !== after.rest) say('patch', 'settings of the manifest are others');
  return changes;
}

function compare(
  before: Readonly<Record<string, readonly string[]>>,
  after: Readonly<Record<string, readonly string[]>>,
  kind: string,
  say: (bump: Bump, what: string) => void,
): void {
  for (const [name, fields] of Object.entries(after)) {
    const old = before[name];
    if (old === undefined) {
      say('minor', `${kind} ${name} is new`);
      continue;
    }
    for (const field of fields) if (!old.includes(field)) say('minor', `field ${field} of ${name} is new`);
    for (const field of old) if (!fields.includes(field)) say('major', `field ${field} of ${name} is gone`);
  }
  for (const name of Object.keys(before))
    if (after[name] === undefined) say('major', `${kind} ${name} is gone`);
}

const partsOf = (version: string): number[] => version.split('.').map(Number);

/** The bump from one version to another; null when it lies before. */
export function bumpBetween(before: string, after: string): Bump | null {
  const [a, b] = [partsOf(before), partsOf(after)];
  for (const [i, bump] of (['major', 'minor', 'patch'] as const).entries()) {
    const step = (b[i] ?? 0) - (a[i] ?? 0);
    if (step > 0) return bump;
    if (step < 0) return null;
  }
  return 'none';
}

function bumped(version: string, bump: Bump): string {
  const [major = 0, minor = 0, patch = 0] = partsOf(version);
  if (bump === 'major') return `${major + 1}.0.0`;
  if (bump === 'minor') return `${major}.${minor + 1}.0`;
  return `${major}.${minor}.${patch + (bump === 'patch' ? 1 : 0)}`;
}
