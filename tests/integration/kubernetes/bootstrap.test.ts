/** `make pipeline-k8s-bootstrap` against a kubectl that writes down what it is told. */

import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Ended, manifestsIn, missing, ROOT, run, tool } from './tools.ts';

const DEV_KEYS = ['clickhouse-password', 'clickhouse-read-password', 'postgres-password'];
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** What the cluster of a test holds. */
interface Cluster {
  readonly job?: readonly string[];
  /** Null: there is no Secret. */
  readonly keys?: readonly string[] | null;
  readonly refuse?: string;
}

/** A machine with a kubectl and a cluster behind it. */
function clusterOf({ job = ['', 'Complete'], keys = DEV_KEYS, refuse }: Cluster = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'carbon-kubectl-'));
  folders.push(folder);
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  copyFileSync(join(import.meta.dirname, 'fake-kubectl.sh'), join(bin, 'kubectl'));
  chmodSync(join(bin, 'kubectl'), 0o755);
  writeFileSync(join(folder, 'job'), `${job.join('\n')}\n`);
  if (keys !== null) writeFileSync(join(folder, 'keys'), `${keys.join('\n')}\n`);
  if (refuse !== undefined) writeFileSync(join(folder, 'refuse'), refuse);
  const env = {
    ...process.env,
    PATH: `${bin}:/usr/bin:/bin`,
    FAKE: folder,
    KUSTOMIZE: tool('kustomize'),
    POLL: '0',
    WAIT: '20',
  };
  return {
    folder,
    bootstrap: (more: Record<string, string> = {}): Promise<Ended> =>
      run('bash', ['scripts/kubernetes-bootstrap.sh'], { ...env, ...more }),
    /** Calls that change something or wait for it, without the namespace. */
    steps: (): string[] =>
      readFileSync(join(folder, 'calls'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.replace(/^(--context=\S+ )?(--namespace ingestion )?/, ''))
        .filter((line) => /^(apply|delete|rollout|logs)/.test(line)),
    applied: (step: string) => manifestsIn(readFileSync(join(folder, `${step}.yaml`), 'utf8')),
  };
}

const SETTINGS = 'apply ConfigMap NetworkPolicy PersistentVolumeClaim RoleBinding Service ServiceAccount';
const SERVICES = ['aggregation', 'connector-registry', 'enrichment', 'normalization', 'projection'];
const WHOLE = [
  'apply Namespace',
  SETTINGS,
  'delete job migrate --ignore-not-found --wait=true',
  'apply Job',
  'apply Deployment PodDisruptionBudget',
  ...SERVICES.map((name) => `rollout status deployment/service-${name} --timeout=20s`),
];

test('namespace, settings, migration, services, in this order; twice is the same again', {
  skip: missing,
}, async () => {
  const cluster = clusterOf();
  const first = await cluster.bootstrap();
  assert.equal(first.exit, 0, first.stderr);
  assert.deepEqual(cluster.steps(), WHOLE);
  assert.match(first.stdout, /NAME READY STATUS/);
  assert.match(first.stderr, /dev onto context here[\s\S]*migrated[\s\S]*rolled out/);
  assert.equal((await cluster.bootstrap()).exit, 0);
  assert.deepEqual(cluster.steps(), [...WHOLE, ...WHOLE]);
});

test('a migration that fails stops it before any service, and is heard', { skip: missing }, async () => {
  const cluster = clusterOf({ job: ['', 'FailureTarget', 'FailureTarget Failed'] });
  const { exit, stderr } = await cluster.bootstrap();
  assert.equal(exit, 1);
  assert.match(stderr, /the words of the migration[\s\S]*no service was changed/);
  assert.deepEqual(cluster.steps(), [...WHOLE.slice(0, 4), 'logs job/migrate --tail=30']);
  const looks = readFileSync(join(cluster.folder, 'calls'), 'utf8').match(/get job migrate/g);
  assert.equal(looks?.length, 3, 'nobody waits on for what has failed');
});

test('a migration that does not end stops it after WAIT seconds', { skip: missing }, async () => {
  const cluster = clusterOf({ job: [''] });
  const { exit, stderr } = await cluster.bootstrap({ WAIT: '1', POLL: '0.2' });
  assert.equal(exit, 1);
  assert.match(stderr, /did not end within 1 s/);
  assert.ok(!cluster.steps().includes('apply Deployment PodDisruptionBudget'));
});

test('a Secret that lacks what the settings name stops it after the namespace', {
  skip: missing,
}, async () => {
  const none = clusterOf({ keys: null });
  const first = await none.bootstrap();
  assert.equal(first.exit, 4);
  assert.match(first.stderr, /lacks: clickhouse-password clickhouse-read-password postgres-password/);
  assert.deepEqual(none.steps(), ['apply Namespace']);
  const half = clusterOf({ keys: ['postgres-password', 'clickhouse-password'] });
  assert.match((await half.bootstrap()).stderr, /lacks: clickhouse-read-password;/);
  const dev = clusterOf();
  assert.match(
    (await dev.bootstrap({ OVERLAY: 'staging', CONTEXT: 'there' })).stderr,
    /lacks: kafka-password/,
  );
});

test('what the cluster refuses, and a rollout that does not come about, end it with 1', {
  skip: missing,
}, async () => {
  const settings = clusterOf({ refuse: '2-settings' });
  assert.equal((await settings.bootstrap()).exit, 1);
  assert.deepEqual(settings.steps(), WHOLE.slice(0, 2));
  const rollout = clusterOf({ refuse: '^rollout status deployment/service-enrichment' });
  const { exit, stderr } = await rollout.bootstrap();
  assert.equal(exit, 1);
  assert.match(stderr, /not rolled out: service-enrichment; .*-l app=enrichment/);
  assert.deepEqual(rollout.steps(), WHOLE);
});

test('staging and production go where they are told, dev where the kubeconfig is', {
  skip: missing,
}, async () => {
  const keys = [...DEV_KEYS, 'kafka-password', 'redis-password'];
  const cluster = clusterOf({ keys });
  const refused = await cluster.bootstrap({ OVERLAY: 'production' });
  assert.equal(refused.exit, 4);
  assert.match(refused.stderr, /say which cluster production is: CONTEXT=here/);
  assert.deepEqual(cluster.steps(), []);
  const { exit, stderr } = await cluster.bootstrap({ OVERLAY: 'production', CONTEXT: 'there' });
  assert.equal(exit, 0, stderr);
  const calls = readFileSync(join(cluster.folder, 'calls'), 'utf8').trim().split('\n');
  const asked = calls.slice(calls.findIndex((call) => call.includes('--context')));
  for (const call of asked) assert.match(call, /^(--context=there |apply |kustomize )/);
});

test('without a cluster, or kubectl, it says what to do', { skip: missing }, async () => {
  const away = clusterOf({ refuse: 'get --raw' });
  const first = await away.bootstrap();
  assert.equal(first.exit, 4);
  assert.match(first.stderr, /context here does not answer: refused/);
  const none = clusterOf({ refuse: '^config' });
  assert.match((await none.bootstrap()).stderr, /CONTEXT=NAME names one/);
  const bare = mkdtempSync(join(tmpdir(), 'carbon-bare-'));
  folders.push(bare);
  const words = ['bash', 'dirname', 'basename', 'mktemp', 'rm', 'tr', 'sed', 'awk', 'cat'];
  for (const word of words)
    writeFileSync(join(bare, word), `#!/bin/sh\nexec /usr/bin/${word} "$@"\n`, { mode: 0o755 });
  const env = { PATH: bare, TMPDIR: tmpdir() };
  const script = join(ROOT, 'scripts/kubernetes-bootstrap.sh');
  const without = await run('/bin/bash', [script], env);
  assert.equal(without.exit, 4);
  assert.match(without.stderr, /kubectl is not installed/);
  const dry = await run('/bin/bash', [script], { ...env, DRY_RUN: '1' });
  assert.equal(dry.exit, 4);
  assert.match(dry.stderr, /neither kubectl nor kustomize/);
  copyFileSync(tool('kustomize'), join(bare, 'kustomize'));
  const printed = await run('/bin/bash', [script], { ...env, DRY_RUN: '1', OVERLAY: 'staging' });
  assert.equal(printed.exit, 0, printed.stderr);
  assert.deepEqual(printed.stdout.match(/^# step .*/gm), [
    '# step 1-namespace',
    '# step 2-settings',
    '# step 3-migration',
    '# step 4-services',
  ]);
});

test('IMAGE is in place of the image of every pod, and nowhere else', { skip: missing }, async () => {
  const cluster = clusterOf();
  const image = 'registry.example:5000/team/carbon@sha256:0123abc';
  assert.equal((await cluster.bootstrap({ IMAGE: image })).exit, 0);
  const pods = [...cluster.applied('3-migration'), ...cluster.applied('4-services')].filter(
    ({ spec }) => spec.template !== undefined,
  );
  assert.equal(pods.length, 6);
  for (const { spec } of pods)
    assert.deepEqual(
      spec.template.spec.containers.map((container: { image: string }) => container.image),
      [image],
    );
});

test('what is called wrongly is refused before anything is asked', { skip: missing }, async () => {
  const wrong: [Record<string, string>, RegExp][] = [
    [{ OVERLAY: 'prod' }, /no overlay "prod"; there are: dev production staging/],
    [{ OVERLAY: '../base' }, /no overlay/],
    [{ WAIT: 'long' }, /WAIT is "long"/],
    [{ IMAGE: 'a image' }, /IMAGE is "a image"/],
    [{ DRY_RUN: 'yes' }, /DRY_RUN is "yes"/],
  ];
  const cluster = clusterOf();
  writeFileSync(join(cluster.folder, 'calls'), '');
  for (const [variables, words] of wrong) {
    const { exit, stderr } = await cluster.bootstrap(variables);
    assert.equal(exit, 2);
    assert.match(stderr, words);
  }
  assert.equal(readFileSync(join(cluster.folder, 'calls'), 'utf8'), '');
});
