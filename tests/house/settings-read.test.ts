/** A setting has an effect, or its description says that nothing reads it. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RUNTIME_SETTINGS } from '../../app/config/runtime.ts';
import type { Setting } from '../../app/config/setting.ts';
import { ROOT, sourcesOf } from './source-files.ts';

/** Tables of settings, and where their values become those of a process. */
const TABLES = ['beside', 'engine', 'process'].map((name) => `app/config/${name}-settings.ts`);
const RUNTIME = 'app/config/runtime.ts';

test('each setting is read somewhere, or says that it is not', () => {
  const read = sourcesOf(['app'])
    .filter(({ path }) => !TABLES.includes(path) && path !== RUNTIME)
    .map(({ text }) => text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, ''))
    .join('\n');
  const ports = /ports: \{([^}]*)\}/.exec(readFileSync(join(ROOT, RUNTIME), 'utf8'))?.[1] ?? '';
  for (const [key, { variable, what }] of Object.entries<Setting>(RUNTIME_SETTINGS)) {
    const isRead =
      new RegExp(`(\\.|[{,]\\s*)${key}\\b(?!:)`).test(read) ||
      read.includes(`'${variable}'`) ||
      ports.includes(`'${key}'`);
    const saysNot = /nothing (here )?reads it/.test(what);
    assert.notEqual(isRead, saysNot, `${variable} (${key}): ${isRead ? 'is read' : 'nothing reads it'}`);
  }
});
