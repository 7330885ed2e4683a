/**
 * The one error class of the house and its closed list of codes.
 *
 * A code says what went wrong, its remedy says what the caller does about it, and its position says where the
 * user has to look. Rows do not throw: a stage *rejects* a row with a code from the same list (K5, D3).
 * `docs/errors.md` is generated from this file.
 */

/** What the caller does: try again later, set the row aside, set the whole payload or batch aside, or stop. */
export type Remedy = 'retry' | 'reject-row' | 'reject-batch' | 'stop';

/** Exit code of the command that ends with this error (`docs/cli.md`). */
export type ExitCode = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 78;

interface CodeEntry {
  readonly remedy: Remedy;
  readonly exit: ExitCode;
  /** One sentence: what happened, and whether it is normal. */
  readonly what: string;
  /** One sentence: what the user does now. */
  readonly fix: string;
}

const entry = (remedy: Remedy, exit: ExitCode, what: string, fix: string): CodeEntry => ({
  remedy,
  exit,
  what,
  fix,
});

/** Every code the product can raise. A test holds: documented here, unique, raised somewhere. */
export const ERROR_CODES = {
  USAGE_INVALID: entry(
    'stop',
    2,
    'The command line is not understood.',
    'Run the command with --help and correct the option named.',
  ),
  CONFIG_INVALID: entry(
    'stop',
    78,
    'A setting or a configuration file is refused.',
    'Correct the key named, to one of the values listed.',
  ),
  CONNECTOR_INVALID: entry(
    'stop',
    3,
    'A connector.yaml does not say what a connector must say.',
    'Correct the key at the line named; the message lists what is allowed.',
  ),
  CONNECTOR_UNKNOWN: entry(
    'stop',
    5,
    'No connector or dataset of that name exists.',
    'Use one of the names listed in the message.',
  ),
  SOURCE_NO_DATA: entry(
    'reject-batch',
    3,
    'The market answers that it has no data for what was asked: not published yet, outside its retention, or nothing to say.',
    'Ask again after the publication time, or for another window; see the words of the market.',
  ),
  SOURCE_BUSY: entry(
    'retry',
    7,
    'The market asks to come back later: too many requests, or an answer still in the making.',
    'Nothing: the request is repeated after the pause that the market names; lower the rate if it goes on.',
  ),
  SOURCE_REFUSED: entry(
    'reject-batch',
    3,
    'The market refuses the request as wrong.',
    'Correct what the words of the market name: the query, the window, the account.',
  ),
  SOURCE_UNREACHABLE: entry(
    'retry',
    7,
    'A source does not answer, breaks off its answer, or answers with a failure of its own.',
    'Nothing: the request is repeated; check the network, and the status page of the market when it goes on.',
  ),
  SOURCE_MISSING: entry(
    'reject-batch',
    3,
    'The market does not have what it should have published by now.',
    'Ask again later; look at the address in the message when it never comes: the market may have moved it.',
  ),
  SOURCE_TOO_LARGE: entry(
    'reject-batch',
    3,
    'The body is larger than the dataset allows; it was not read to its end.',
    'Check what the address serves; raise the limit in the plan of the dataset when it is right.',
  ),
  SOURCE_NOT_ALLOWED: entry(
    'stop',
    78,
    'The address is not on the allow-list of the connector, or leads into a private network.',
    'Add the host to hosts in connector.yaml when the market has moved; name a mirror with --origin.',
  ),
  SOURCE_DRIFT: entry(
    'reject-batch',
    8,
    'A body has another shape than its dataset knows, and the contract of the dataset refuses such a change.',
    'Look at the change named; when it is right, accept it with carbon connector radar NAME --accept, and load the payload again.',
  ),
  SECRET_MISSING: entry(
    'stop',
    78,
    'A source wants to know who asks, and the secret for it is not set, or cannot be one.',
    'Set the variable named, or the variable of the same name with _FILE to the path of a file that holds it.',
  ),
  SOURCE_CONTAINER_DAMAGED: entry(
    'reject-batch',
    3,
    'A zip or gzip body is cut, damaged, empty, or larger inside than is allowed.',
    'Fetch the payload again; the bytes that came are in the archive.',
  ),
  SOURCE_UNRECOGNISED: entry(
    'reject-batch',
    3,
    'No dataset of the market recognises this payload.',
    'Name the dataset with --dataset, or check that the file is what the market serves.',
  ),
  SOURCE_EMPTY: entry(
    'reject-batch',
    3,
    'The payload holds no bytes or no rows.',
    'Fetch it again; a market publishes an empty file while a report is being written.',
  ),
  SOURCE_NOT_DATA: entry(
    'reject-batch',
    3,
    'The payload is an error page or an error document of the market.',
    'Read what the market said in the message; fetch again later or with another window.',
  ),
  SOURCE_MALFORMED: entry(
    'reject-batch',
    3,
    'The payload is damaged or cut short.',
    'Fetch it again; decode what stands before the damage with --partial.',
  ),
  SOURCE_COLUMN_MISSING: entry(
    'reject-batch',
    3,
    'A column that the dataset needs is absent.',
    'Compare the header with the layouts of the dataset; the market may have changed it.',
  ),
  TIME_UNPARSEABLE: entry(
    'reject-row',
    3,
    'A time stamp is not in the layout of the dataset.',
    'Look at the row named; the market may have changed its layout.',
  ),
  TIME_NONEXISTENT: entry(
    'reject-row',
    3,
    'A local time that does not exist on a spring-forward day.',
    'Check the time convention of the dataset: the market skips this hour.',
  ),
  TIME_AMBIGUOUS: entry(
    'reject-row',
    3,
    'A repeated local time that no rule of the dataset resolves.',
    'Declare the rule of the repeated hour in the dataset; it is never guessed.',
  ),
  TIME_OUT_OF_RANGE: entry(
    'reject-row',
    3,
    'An event time beyond the horizon or the age that the dataset declares.',
    'Check the clock convention of the dataset, or widen its horizon in the rules file.',
  ),
  VALUE_NOT_NUMERIC: entry(
    'reject-row',
    3,
    'A value is not a decimal number.',
    'Look at the row named; add the marker to the null words of the dataset if the market uses it so.',
  ),
  VALUE_OUT_OF_RANGE: entry(
    'reject-row',
    3,
    'A value does not fit Decimal(18, 8).',
    'Check the unit of the column; the exact text stays in the raw event.',
  ),
  VALUE_MISSING: entry(
    'reject-row',
    3,
    'A required field of a row has no value.',
    'Look at the row named; set nulls to flag or skip in the rules file if the market leaves it out at times.',
  ),
  QUALITY_ASSERTION_FAILED: entry(
    'reject-batch',
    4,
    'A payload, or a value, lies past a bound of quality that the rules state: it is not promoted.',
    'Look at the share or value named; correct the source, or widen the bound in configs/normalization_rules.yaml and replay the payload.',
  ),
  FIELD_UNKNOWN: entry(
    'reject-row',
    3,
    'A raw event carries a field without a rule.',
    'Add the field to configs/normalization_rules.yaml.',
  ),
  DATASET_UNKNOWN: entry(
    'reject-row',
    3,
    'A raw event names a market and dataset without a rule.',
    'Add the dataset to configs/normalization_rules.yaml.',
  ),
  EVENT_UNDECODABLE: entry(
    'reject-row',
    3,
    "A record is neither the topic's Avro schema nor an accepted JSON form.",
    'Read the record with carbon tap; correct its producer.',
  ),
  SCHEMA_INVALID: entry(
    'stop',
    3,
    'An Avro schema or a sample of it is not valid.',
    'Correct the file at the place named.',
  ),
  SCHEMA_INCOMPATIBLE: entry(
    'stop',
    8,
    'A schema change would break readers of the released schema.',
    'Make the change additive with a default, or release it as a new .v2 topic.',
  ),
  CONTRACT_UNPINNED: entry(
    'stop',
    3,
    'specs.lock.json does not pin the contracts as they are.',
    'If the change is meant, run make specs-sync and commit the file with it.',
  ),
  SCHEMA_UNKNOWN: entry(
    'retry',
    7,
    'A schema id or subject is not in the registry.',
    'Register the schemas, or check which registry the producer used.',
  ),
  LOG_CORRUPT: entry(
    'stop',
    1,
    'A stored record batch fails its checksum or its shape.',
    'Restore the event log from a copy, or replay the payload archive.',
  ),
  LOG_OFFSET_OUT_OF_RANGE: entry(
    'stop',
    5,
    'The offset asked for has been removed by retention or was never written.',
    'Start from the earliest offset, or replay the payload archive.',
  ),
  LOG_TOPIC_UNKNOWN: entry(
    'stop',
    5,
    'No topic of that name exists in the event log.',
    'Use one of the topics listed by carbon tap --list.',
  ),
  LOG_PARTITIONS_FIXED: entry(
    'stop',
    6,
    'A topic exists with another number of partitions.',
    'Partition counts never change in place; use a new topic version.',
  ),
  STORE_UNREACHABLE: entry(
    'retry',
    7,
    'A store does not answer.',
    'Check that the store runs; the work goes on by itself when it answers again.',
  ),
  STORE_BUSY: entry(
    'retry',
    6,
    'Another process owns the warehouse directory and does not answer on its socket.',
    'Wait for it to start, or stop it.',
  ),
  STORE_REFUSED: entry(
    'stop',
    1,
    'A store refused a statement or a block.',
    "Read the store's own message; a migration may be missing (carbon migrate).",
  ),
  STORE_NEWER: entry(
    'stop',
    6,
    'The store was written by a newer version of this program.',
    'Upgrade the program, or use another data directory.',
  ),
  STORE_MIGRATION_CHANGED: entry(
    'stop',
    6,
    'A migration that was applied before has another content now.',
    'Restore the file; migrations are forward only.',
  ),
  ARCHIVE_MISSING: entry(
    'stop',
    5,
    'The payload archive holds no payload of that hash.',
    'Restore the archive, or fetch the payload again.',
  ),
  ARCHIVE_CORRUPT: entry(
    'stop',
    1,
    'An archived payload does not have the hash it is named by.',
    'Restore the file from a copy.',
  ),
  BALANCE_BROKEN: entry(
    'stop',
    1,
    'A stage did not give every value one fate; nothing of the batch was written.',
    'This is a defect of the stage: report it with the counts in the message.',
  ),
  PLAN_CONFLICT: entry(
    'stop',
    6,
    'Another runner owns the partition or the plan.',
    'Stop the other process, or give this one another consumer group.',
  ),
  JOB_CONFLICT: entry(
    'stop',
    6,
    'The state of a job does not allow what was asked, or its name belongs to another request.',
    'Look at the job with carbon backfill show; what it should do else is a new job under another name.',
  ),
  PROJECTION_MOVING: entry(
    'stop',
    6,
    'Served values that a rebuild wrote were others again each time it looked.',
    'Run the rebuild again when fewer values come in; if it ends like this again, restart the running projection.',
  ),
  SETTINGS_CHANGED: entry(
    'stop',
    6,
    'A stored plan was made with settings that are no longer at hand.',
    'Restore the settings named by the hash, finish the plan, then change them.',
  ),
  CURVE_INVALID: entry(
    'stop',
    78,
    'The definition of a forward curve, or a contract of it, cannot be meant: no such on-peak rule or block, no delivery, two of one name.',
    'Correct the field named, to one of the values listed.',
  ),
  CURVE_UNSOLVED: entry(
    'stop',
    1,
    'A forward curve does not have the price of one of its contracts again; it was not kept.',
    'This is a defect: report it with the contract in the message and the quotes of the curve.',
  ),
  NOT_FOUND: entry(
    'stop',
    5,
    'Nothing matches the question.',
    'Check the names and the window; list what exists with carbon latest.',
  ),
  REQUEST_INVALID: entry(
    'stop',
    2,
    'A request to the HTTP interface is not understood.',
    'Correct the parameter named; /openapi.json lists what is allowed.',
  ),
  READ_BUSY: entry(
    'retry',
    7,
    'Too many reads are at work, or a read took longer than it may.',
    'Ask again after the pause of the header Retry-After; ask for less at once.',
  ),
  PORT_TAKEN: entry(
    'stop',
    6,
    'The port of a service is in use by another process.',
    'Stop the other process, or give the service another port by the variable named.',
  ),
  FILE_UNREADABLE: entry(
    'stop',
    2,
    'A file named on the command line cannot be read.',
    'Check the path and its permissions.',
  ),
  RUNTIME_UNSUITABLE: entry(
    'stop',
    78,
    'This Node.js is too old or lacks a feature, or there is no chDB for this machine.',
    'Run make setup, which fetches the right Node into the checkout; without chDB, use the cluster profile.',
  ),
} as const satisfies Record<string, CodeEntry>;

/** A code of the closed list. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Where the user has to look. Every part is optional; line and column count from 1. */
export interface Position {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly field?: string;
  readonly expected?: string;
  readonly got?: string;
}

/** What else is known about the failure: market, dataset, stage, topic, partition, offset, counts. */
export type ErrorContext = Readonly<Record<string, string | number | boolean>>;

/** Longest text that an error quotes, in characters: errors are read, kept and sent on. */
const LONGEST = 2_000;

/** The parts with longer texts cut; what they quote may come from a body of any size. */
export function quotable<T extends object>(parts: T): T {
  const isShort = Object.values(parts).every((part) => typeof part !== 'string' || part.length <= LONGEST);
  if (isShort) return parts;
  const cut = (part: unknown): unknown =>
    typeof part === 'string' && part.length > LONGEST ? `${part.slice(0, LONGEST - 1)}…` : part;
  return Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, cut(part)])) as T;
}

/**
 * The only error that this program throws on purpose (K5: message, stage, context). Texts longer than 2,000 characters
 * are cut.
 */
export class CarbonError extends Error {
  readonly code: ErrorCode;
  readonly position: Position;
  readonly context: ErrorContext;

  constructor(
    code: ErrorCode,
    message: string,
    details: { position?: Position; context?: ErrorContext; cause?: unknown } = {},
  ) {
    super(quotable({ message }).message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'CarbonError';
    this.code = code;
    this.position = quotable(details.position ?? {});
    this.context = quotable(details.context ?? {});
  }

  /** What the caller does about it. */
  get remedy(): Remedy {
    return ERROR_CODES[this.code].remedy;
  }

  /** Exit code of the process that ends with this error. */
  get exitCode(): ExitCode {
    return ERROR_CODES[this.code].exit;
  }

  /** The form printed on standard error with `--json`: flat, stable keys, no stack. */
  toJSON(): Record<string, unknown> {
    return {
      code: this.code,
      message: this.message,
      remedy: ERROR_CODES[this.code].fix,
      ...this.position,
      ...this.context,
    };
  }
}
