/**
 * Policies: the settings of the stages in force, and what becomes of them when a policy file is edited (D2, M7).
 *
 * All or nothing: every file is read and checked before anything changes. A refused edit changes nothing and is told
 * with file, line, key and what is allowed; a good one is in force for the next plan that is cut.
 */

import { stat } from 'node:fs/promises';
import { CarbonError } from '../../core/errors.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import { loadStageSettings, type PolicyPaths, type StageSettings, settingsHashOf } from './settings.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The settings in force. */
export class Policies {
  private readonly paths: PolicyPaths;
  private readonly variables: Variables;
  private inForce: StageSettings;
  /** That of the settings in force, once somebody asks. */
  private hash: string | null = null;
  /** Files as they were when last looked at, and when their content was last judged. */
  private seen: string;
  private judged: string;
  /** Files of which it was told that they could not be put in force. */
  private toldOf = '';

  private constructor(paths: PolicyPaths, variables: Variables, settings: StageSettings, files: string) {
    this.paths = paths;
    this.variables = variables;
    this.inForce = settings;
    this.seen = files;
    this.judged = files;
  }

  /** Reads and checks the files. Throws CONFIG_INVALID or FILE_UNREADABLE with file, line, key and what is allowed. */
  static async open(paths: PolicyPaths, variables: Variables): Promise<Policies> {
    const files = await fingerprintOf(paths);
    return new Policies(paths, variables, await loadStageSettings(paths, variables), files);
  }

  /** The settings in force. */
  get settings(): StageSettings {
    return this.inForce;
  }

  /** Their version: 16 hex digits, the same as in plans and in the metadata of bars. */
  get version(): string {
    this.hash ??= settingsHashOf(this.inForce);
    return this.hash;
  }

  /**
   * Looks at the files. When they have changed and stand still since the last look, so that no half-written file is
   * taken for a whole one, reads and checks them all; the settings that are good and other than those in force are
   * returned and not yet in force: `adopt` makes them so. Null otherwise; a refusal is told once per state of the files.
   */
  async changed(telemetry: Telemetry): Promise<StageSettings | null> {
    const files = await fingerprintOf(this.paths);
    const isStill = files === this.seen;
    this.seen = files;
    if (!isStill || files === this.judged) return null;
    let settings: StageSettings;
    try {
      settings = await loadStageSettings(this.paths, this.variables);
    } catch (error) {
      if (!(error instanceof CarbonError)) throw error;
      this.judged = files;
      telemetry.emit({ name: 'policies.refused', level: 'error', facts: refusalFacts(error, this.version) });
      return null;
    }
    // Written again while it was read: the next look judges it.
    if ((await fingerprintOf(this.paths)) !== files) return null;
    this.judged = files;
    return settingsHashOf(settings) === this.version ? null : settings;
  }

  /**
   * Settings that were read and could not be put in force: those in force stay. What time can mend is tried again with
   * the next look, anything else when the files are edited again; it is told once per state of the files.
   */
  putBack(error: CarbonError, telemetry: Telemetry): void {
    if (error.remedy === 'retry') this.judged = '';
    if (this.toldOf === this.seen) return;
    this.toldOf = this.seen;
    telemetry.emit({ name: 'policies.refused', level: 'error', facts: refusalFacts(error, this.version) });
  }

  /** Puts settings in force. */
  adopt(settings: StageSettings, telemetry: Telemetry): void {
    const previous = this.version;
    this.inForce = settings;
    this.hash = null;
    telemetry.emit({
      name: 'policies.reloaded',
      level: 'info',
      facts: { version: this.version, previous, status: 'success' },
    });
  }
}

function refusalFacts(error: CarbonError, version: string): Record<string, string | number> {
  const { file, line, field, expected, got } = error.position;
  return {
    code: error.code,
    error: error.message,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(field === undefined ? {} : { field }),
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got }),
    version,
    status: 'refused',
  };
}

/** What tells one state of the files from another; a file that is away is a state, too. */
async function fingerprintOf(paths: PolicyPaths): Promise<string> {
  const parts = await Promise.all(
    Object.values(paths).map(async (path: string) => {
      try {
        const { ino, size, mtimeNs } = await stat(path, { bigint: true });
        return `${ino}/${size}/${mtimeNs}`;
      } catch {
        return 'none';
      }
    }),
  );
  return parts.join();
}
