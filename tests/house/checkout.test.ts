/** The rules of the house, held against the checkout. `rules.test.ts` shows that each of them can fail. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ERROR_CODES } from '../../core/errors.ts';
import { cycleProblems } from './cycles.ts';
import { undocumentedCodes, unraisedCodes } from './error-codes.ts';
import { lateImportProblems } from './late-imports.ts';
import { packageProblems } from './packages.ts';
import { type PurityException, purityProblems } from './purity.ts';
import { docstringProblems, linesOf, nameProblems, sizeProblems } from './shape.ts';
import { AROUND, assertNone, lineAt, ROOMS, ROOT, sourcesOf, trackedFiles } from './source-files.ts';
import { wallProblems } from './walls.ts';

const product = sourcesOf(ROOMS);
const around = sourcesOf(AROUND);
const pure = product.filter(({ path }) => /^(core|connectors|services)\//.test(path));

/** Lines of pure rooms that may stand, with the reason. */
const PURITY_EXCEPTIONS: readonly PurityException[] = [];

/** Cycles of type imports that may stand, with the reason: the files in order of path, joined by a blank. */
const TYPE_CYCLES: Readonly<Record<string, string>> = {};

test('imports keep to the walls between the rooms', () => assertNone(wallProblems(product)));

test('decoders are loaded by who asks for them', () => assertNone(lateImportProblems(product)));

test('no file imports itself by way of others', () => {
  assertNone(cycleProblems([...product, ...around], ['value', 'dynamic']));
  assertNone(cycleProblems([...product, ...around], ['value', 'dynamic', 'type'], TYPE_CYCLES));
});

test('pure rooms have no clock, chance, timers, world, any, or silenced compiler', () =>
  assertNone(purityProblems(pure, PURITY_EXCEPTIONS)));

test('files are short', (t) => {
  assertNone(sizeProblems([...product, ...around]));
  const sizes = product.map(({ text }) => linesOf(text)).sort((a, b) => a - b);
  const at = (share: number): number => sizes[Math.floor(share * (sizes.length - 1))];
  t.diagnostic(
    `${sizes.length} files of the rooms: median ${at(0.5)} lines, p90 ${at(0.9)}, longest ${at(1)}`,
  );
});

test('names of files and folders say what they hold', () =>
  assertNone(nameProblems([...product, ...around].map(({ path }) => path))));

test('what is exported is described', () =>
  assertNone(
    docstringProblems(product.filter(({ path }) => /^(core|services|connectors\/kit)\//.test(path))),
  ));

test('every error code is raised somewhere and documented', () => {
  const codes = Object.keys(ERROR_CODES);
  assertNone(unraisedCodes(codes, product));
  const path = 'docs/errors.md';
  assertNone(undocumentedCodes(codes, { path, text: readFileSync(join(ROOT, path), 'utf8') }));
});

test('packages that are declared are used, and the other way round', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  assertNone(packageProblems(manifest, product, around));
});

/** Words of one machine or of the way the text came about; written in parts, so that this file has none of them. */
const FOREIGN_WORDS = [
  ['/wo', 'rk/'],
  ['sub', 'agent'],
  ['helper', ' session'],
].map((parts) => parts.join(''));

test('no file names the machine it was written on', (t) => {
  const files = trackedFiles();
  if (files === null) return t.skip('not a git checkout: nothing tells which files belong to the project');
  assertNone(
    files.flatMap(({ path, text }) =>
      FOREIGN_WORDS.flatMap((word) => {
        const at = text.toLowerCase().indexOf(word);
        return at < 0
          ? []
          : [{ path, line: lineAt(text, at), message: `contains "${word}": say it without that` }];
      }),
    ),
  );
});
