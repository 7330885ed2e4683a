/** The manifests say what the code says: ports, names, settings, ways to be asked; and the API takes them. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { RUNTIME_SETTINGS, runtimeSettings } from '../../../app/config/runtime.ts';
import type { Setting } from '../../../app/config/setting.ts';
import { healthRoutes, Readiness } from '../../../app/http/health.ts';
import { HTTP_SERVICES } from '../../../app/telemetry/http-service.ts';
import { CODE_VERSION } from '../../../app/version.ts';
import { built, type Manifest, manifestsIn, missing, OVERLAYS, ROOT, run, tool } from './tools.ts';

/** Oldest and newest API that the manifests are held against. */
const APIS = ['1.31', '1.37'];

const folder = mkdtempSync(join(tmpdir(), 'carbon-manifests-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The objects of each overlay, built once. */
const overlays = new Map<string, Manifest[]>();
if (missing === false)
  for (const name of OVERLAYS) {
    const text = await built(name);
    writeFileSync(join(folder, `${name}.yaml`), text);
    overlays.set(name, manifestsIn(text));
  }

const objectsOf = (overlay: string): Manifest[] => overlays.get(overlay) ?? [];
const ofKind = (overlay: string, kind: string): Manifest[] =>
  objectsOf(overlay).filter((each) => each.kind === kind);
const named = (overlay: string, kind: string, name: string): Manifest => {
  const [found, ...others] = ofKind(overlay, kind).filter((each) => each.metadata.name === name);
  assert.ok(found !== undefined && others.length === 0, `${overlay}: one ${kind} ${name}`);
  return found;
};
const settingsOf = (overlay: string): Record<string, string> => ofKind(overlay, 'ConfigMap')[0].data;
/** What runs pods, and their pods. */
const podsOf = (overlay: string): { owner: Manifest; pod: Manifest }[] =>
  objectsOf(overlay)
    .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
    .map((owner) => ({ owner, pod: owner.spec.template }));

/** Runs a check on each overlay under a name of its own. */
function each(name: string, check: (overlay: string) => void | Promise<void>): void {
  for (const overlay of OVERLAYS) test(`${overlay}: ${name}`, { skip: missing }, () => check(overlay));
}

test('the API takes every object, and no key that it does not know', { skip: missing }, async () => {
  const apis = APIS.flatMap((version) => ['-k', version]);
  const files = OVERLAYS.map((name) => join(folder, `${name}.yaml`));
  const { exit, stderr, stdout } = await run(tool('kubernetes-validate'), ['--strict', ...apis, ...files]);
  assert.equal(exit, 0, stdout + stderr);
  const wrong = join(folder, 'wrong.yaml');
  writeFileSync(wrong, readFileSync(files[0], 'utf8').replace('replicas: 1', 'replica: 1'));
  const refused = await run(tool('kubernetes-validate'), ['--strict', '-k', '1.37', wrong]);
  assert.notEqual(refused.exit, 0, 'the validator finds what is wrong');
});

each('all lies in the namespace ingestion', (overlay) => {
  for (const { kind, metadata } of objectsOf(overlay)) {
    if (kind === 'Namespace') assert.equal(metadata.name, 'ingestion');
    else assert.equal(metadata.namespace, 'ingestion', `${kind} ${metadata.name}`);
    assert.notEqual(kind, 'Secret', 'secrets are made by whoever has them');
  }
});

each('a Deployment, a Service and a budget for each service, by its name and port', (overlay) => {
  assert.equal(ofKind(overlay, 'Deployment').length, HTTP_SERVICES.length);
  for (const service of HTTP_SERVICES) {
    const manifest = parse(readFileSync(join(ROOT, 'services', service, 'service-manifest.yaml'), 'utf8'));
    const { metadata, spec } = named(overlay, 'Deployment', manifest.name);
    const [container] = spec.template.spec.containers;
    assert.equal(`carbon ${container.args.join(' ')}`, manifest.command);
    assert.deepEqual(container.ports, [{ name: 'http', containerPort: manifest.port.default }]);
    assert.equal(settingsOf(overlay)[manifest.port.variable], undefined, 'ports are those of the code');
    assert.equal(spec.template.metadata.annotations['prometheus.io/port'], String(manifest.port.default));
    assert.equal(spec.template.metadata.annotations['prometheus.io/path'], manifest.http.metrics);
    for (const labels of [metadata.labels, spec.selector.matchLabels, spec.template.metadata.labels])
      assert.equal(labels.app, service);
    const [spread] = spec.template.spec.topologySpreadConstraints;
    assert.deepEqual(spread.labelSelector.matchLabels, { app: service });
    const { spec: way } = named(overlay, 'Service', service);
    assert.deepEqual(way.selector, { app: service });
    assert.deepEqual(way.ports, [{ name: 'http', port: manifest.port.default, targetPort: 'http' }]);
    const budget = named(overlay, 'PodDisruptionBudget', service);
    assert.deepEqual(budget.spec.selector.matchLabels, { app: service });
    // As a share of the pods at least one of which must stay, one pod alone would hold every drain up.
    assert.equal(budget.spec.maxUnavailable, 1);
  }
});

test('production has 3, 2, 4 and 2 of the stages, and the registry once', { skip: missing }, () => {
  const replicas = HTTP_SERVICES.map(
    (service) => named('production', 'Deployment', `service-${service}`).spec.replicas,
  );
  assert.deepEqual(replicas, [1, 3, 2, 4, 2]);
  const partitions = Number(settingsOf('production')['DATA_PROC_PARTITIONS']);
  assert.ok(Math.max(...replicas) <= partitions, 'a process without a partition has nothing to do');
});

each('every variable is a setting, with a value that the program takes', (overlay) => {
  const settings = settingsOf(overlay);
  const known = new Set<string>();
  for (const { variable, isSecret } of Object.values<Setting>(RUNTIME_SETTINGS))
    known.add(variable).add(isSecret === true ? `${variable}_FILE` : variable);
  for (const name of Object.keys(settings)) assert.ok(known.has(name), `no setting ${name}`);
  const env = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      if (!name.endsWith('_FILE')) return [name, value];
      const file = join(folder, value.replaceAll('/', '-'));
      writeFileSync(file, 'secret');
      return [name, file];
    }),
  );
  const runtime = runtimeSettings({}, env);
  assert.equal(runtime.profile, 'cluster');
  assert.equal(runtime.environment, overlay);
  assert.equal(runtime.httpHost, '0.0.0.0');
  if (overlay === 'production') assert.equal(runtime.durability, 'power');
});

each('no secret stands in the settings; each is a file of carbon-secrets, and in the example', (overlay) => {
  const example = parse(readFileSync(join(ROOT, 'k8s/secrets.example.yaml'), 'utf8'));
  assert.deepEqual(new Set(Object.values(example.stringData)), new Set(['']), 'the example holds none');
  for (const [name, value] of Object.entries(settingsOf(overlay))) {
    if (/_(DSN|URL)$/.test(name))
      for (const url of value.split(',')) assert.equal(new URL(url).password, '', `${name} holds a password`);
    if (/(PASSWORD|TOKEN|KEY)$/.test(name)) assert.fail(`${name} is a secret`);
    const key = /^\/run\/secrets\/(.+)$/.exec(value)?.[1];
    assert.equal(name.endsWith('_FILE'), key !== undefined, name);
    if (key !== undefined) assert.ok(key in example.stringData, `the example lacks ${key}`);
  }
});

each('pods are no root, write to their volumes alone, and have what they need', (overlay) => {
  assert.equal(podsOf(overlay).length, HTTP_SERVICES.length + 1);
  const map = ofKind(overlay, 'ConfigMap')[0].metadata.name;
  for (const { owner, pod } of podsOf(overlay)) {
    const { spec } = pod;
    const name = owner.metadata.name;
    assert.equal(pod.metadata.labels['app.kubernetes.io/part-of'], '254carbon');
    assert.equal(spec.automountServiceAccountToken, false, name);
    assert.equal(spec.enableServiceLinks, false, name);
    named(overlay, 'ServiceAccount', spec.serviceAccountName);
    assert.equal(spec.securityContext.runAsNonRoot, true, name);
    assert.equal(spec.securityContext.seccompProfile.type, 'RuntimeDefault', name);
    const [container, ...others] = spec.containers;
    assert.equal(others.length, 0);
    assert.equal(container.image, `254carbon/carbon:${CODE_VERSION}`);
    assert.deepEqual(container.envFrom, [{ configMapRef: { name: map } }], `${name}: a change replaces pods`);
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    });
    for (const part of ['requests', 'limits'])
      assert.deepEqual(Object.keys(container.resources[part]).sort(), ['cpu', 'memory'], name);
    // The API refuses a volume with two sources, which schemas do not see.
    for (const { name: volume, ...sources } of spec.volumes)
      assert.equal(Object.keys(sources).length, 1, `${name}: ${volume}`);
    const mounts: { name: string; mountPath: string }[] = container.volumeMounts;
    assert.deepEqual(
      mounts.map((mount) => mount.name).sort(),
      spec.volumes.map((volume: { name: string }) => volume.name).sort(),
    );
    const paths = mounts.map(({ mountPath }) => mountPath);
    for (const path of ['/tmp', '/run/secrets', settingsOf(overlay)['DATA_PROC_DATA_DIR'] ?? ''])
      assert.ok(paths.includes(path), `${name} mounts ${path}`);
  }
});

each('who writes and who reads the archive share it', (overlay) => {
  const sharing = podsOf(overlay)
    .filter(({ pod }) => JSON.stringify(pod).includes('carbon-archive'))
    .map(({ owner }) => owner.metadata.labels.app);
  const wanting = HTTP_SERVICES.filter((service) =>
    readFileSync(join(ROOT, 'services', service, 'service-manifest.yaml'), 'utf8').includes(
      '- payload-archive',
    ),
  );
  assert.deepEqual(sharing.sort(), [...wanting].sort());
  assert.ok(wanting.length > 1);
  named(overlay, 'PersistentVolumeClaim', 'carbon-archive');
});

each('pods go where the image is built for', (overlay) => {
  const bake = readFileSync(join(ROOT, 'docker-bake.hcl'), 'utf8');
  const platforms = [...bake.matchAll(/"linux\/([a-z0-9]+)"/g)].map(([, architecture]) => architecture);
  for (const { pod } of podsOf(overlay)) {
    const { nodeSelectorTerms: terms } =
      pod.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;
    const rule = terms[0].matchExpressions.find(({ key }: { key: string }) => key === 'kubernetes.io/arch');
    assert.deepEqual(rule.values, platforms);
  }
  assert.match(bake, new RegExp(`default = "${CODE_VERSION.replaceAll('.', '\\.')}"`));
});

each('probes ask what the services answer, and a stop has the time that it needs', (overlay) => {
  const paths = healthRoutes({ service: '', version: '' }, new Readiness([])).map(({ path }) => path);
  for (const { spec } of ofKind(overlay, 'Deployment')) {
    const pod = spec.template.spec;
    const [container] = pod.containers;
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      const { path, port } = container[probe].httpGet;
      assert.ok(paths.includes(path), path);
      assert.equal(port, 'http');
    }
    assert.equal(container.livenessProbe.httpGet.path, '/livez', 'a store that is gone restarts nobody');
    assert.equal(container.readinessProbe.httpGet.path, '/readyz');
    const wait = Number(container.lifecycle.preStop.exec.command[1]);
    assert.ok(pod.terminationGracePeriodSeconds - wait >= 40);
    assert.equal(spec.strategy.rollingUpdate.maxUnavailable, 0);
  }
});

each(
  'the network lets pods reach every engine that the settings name, and nobody in but by the port',
  (overlay) => {
    const { spec } = named(overlay, 'NetworkPolicy', 'carbon-pods');
    assert.deepEqual(spec.policyTypes.toSorted(), ['Egress', 'Ingress']);
    assert.deepEqual(spec.podSelector.matchLabels, { 'app.kubernetes.io/part-of': '254carbon' });
    const open: number[] = spec.egress.flatMap(({ ports }: Manifest) =>
      ports.map(({ port }: { port: number }) => port),
    );
    const addresses = Object.entries(settingsOf(overlay))
      .filter(([name]) => /_(DSN|URL|BOOTSTRAP)$/.test(name))
      .flatMap(([, value]) => value.split(','));
    assert.ok(addresses.length >= 5);
    for (const address of addresses) {
      const port = Number(/:(\d+)(\/.*)?$/.exec(address)?.[1]);
      assert.ok(open.includes(port), `${address}: port ${port} is closed`);
    }
    for (const { ports, from } of spec.ingress) {
      assert.deepEqual(ports, [{ port: 'http' }]);
      assert.ok(from.length > 0, 'not from everywhere');
    }
  },
);

test('who may do what grows less from dev to production', { skip: missing }, () => {
  const rolesOf = (overlay: string): string[] =>
    ofKind(overlay, 'RoleBinding').map(
      ({ roleRef, subjects }) => `${subjects[0].name} ${roleRef.kind === 'Role' ? 'own' : roleRef.name}`,
    );
  assert.deepEqual(rolesOf('dev'), ['carbon-developers edit']);
  assert.deepEqual(rolesOf('staging').sort(), [
    'carbon-developers view',
    'carbon-operators own',
    'carbon-operators view',
  ]);
  assert.deepEqual(rolesOf('production').sort(), ['carbon-operators own', 'carbon-operators view']);
  for (const overlay of ['staging', 'production'])
    for (const { rules } of ofKind(overlay, 'Role'))
      for (const { resources } of rules)
        for (const resource of resources)
          assert.ok(!/secrets|exec|roles/.test(resource), `${overlay}: ${resource}`);
  const level = (overlay: string): string =>
    ofKind(overlay, 'Namespace')[0].metadata.labels['pod-security.kubernetes.io/enforce'];
  assert.deepEqual(OVERLAYS.map(level), ['baseline', 'restricted', 'restricted']);
});
