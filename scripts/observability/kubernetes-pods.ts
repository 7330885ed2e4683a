/** The pods of a namespace as `kubectl` sees them, and whether each of them is ready. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A pod. */
export interface Pod {
  readonly name: string;
  readonly isReady: boolean;
  /** When the cluster took it on, or when its readiness last changed; ISO 8601. */
  readonly since: string | null;
  readonly says: string;
}

interface PodJson {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly phase: string;
    readonly startTime?: string;
    readonly conditions?: readonly { type: string; status: string; lastTransitionTime?: string }[];
    readonly containerStatuses?: readonly {
      name: string;
      restartCount: number;
      state?: { waiting?: { reason?: string } };
    }[];
  };
}

/** Throws with a sentence when there is no `kubectl`, or it reaches no cluster. */
export async function podsOf(namespace: string): Promise<Pod[]> {
  let text: string;
  try {
    const args = ['get', 'pods', '--namespace', namespace, '--output', 'json', '--request-timeout=5s'];
    ({ stdout: text } = await promisify(execFile)('kubectl', args, {
      timeout: 30_000,
      maxBuffer: 64 * 1024 * 1024,
    }));
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === 'ENOENT') throw new Error('there is no kubectl on the path');
    const last = (stderr ?? '').trim().split('\n').at(-1);
    throw new Error(last === undefined || last === '' ? String(error) : last);
  }
  return (JSON.parse(text) as { items: PodJson[] }).items.map(podOf);
}

/** A pod whose work is done is well, too. */
function podOf({ metadata, status }: PodJson): Pod {
  const { phase, startTime, conditions = [], containerStatuses = [] } = status;
  const ready = conditions.find(({ type }) => type === 'Ready');
  const waiting = containerStatuses.flatMap(({ name, state }) =>
    state?.waiting?.reason === undefined ? [] : [`${name}: ${state.waiting.reason}`],
  );
  const restarts = containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
  return {
    name: metadata.name,
    isReady: phase === 'Succeeded' || (phase === 'Running' && ready?.status === 'True'),
    since: ready?.lastTransitionTime ?? startTime ?? null,
    says: [phase, ...waiting, ...(restarts > 0 ? [`restarted ${restarts} times`] : [])].join(', '),
  };
}
