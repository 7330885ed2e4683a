/** What the doctor finds: one line per check, with what to do about it. */

import { CarbonError, ERROR_CODES } from '../../core/errors.ts';

/** Exit code of a failed check: findings in files, a store that does not answer, this machine or a setting. */
export type DoctorExit = 3 | 7 | 78;

/** One line of the report. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'fail';
  readonly detail: string;
  /** Empty when there is nothing to do. */
  readonly fix: string;
  /** Exit code of the command when the check failed. */
  readonly exit: DoctorExit;
}

/** What a check says of itself. */
export type Verdict = Pick<Finding, 'status' | 'detail' | 'fix'>;

/** All is well. */
export const fine = (detail: string): Verdict => ({ status: 'ok', detail, fix: '' });

/** It works, but somebody should look. */
export const warning = (detail: string, fix: string): Verdict => ({ status: 'warning', detail, fix });

/** It does not work. */
export const failure = (detail: string, fix: string): Verdict => ({ status: 'fail', detail, fix });

/** Runs one check; an error is a failure, with the error's own remedy. Never throws. */
export async function examine(
  check: string,
  exit: DoctorExit,
  work: () => Verdict | Promise<Verdict>,
): Promise<Finding> {
  try {
    return { check, exit, ...(await work()) };
  } catch (error) {
    const detail = (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, '; ');
    const fix =
      error instanceof CarbonError
        ? ERROR_CODES[error.code].fix
        : 'Read the message; it is that of the system or of a library.';
    return { check, exit, ...failure(detail, fix) };
  }
}

/** 0, or the code of the gravest failure: the machine before the stores, the stores before the files. */
export function exitOf(findings: readonly Finding[]): 0 | DoctorExit {
  const failed = new Set(findings.filter(({ status }) => status === 'fail').map(({ exit }) => exit));
  return ([78, 7, 3] as const).find((exit) => failed.has(exit)) ?? 0;
}
