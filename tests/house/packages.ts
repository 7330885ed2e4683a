/** Packages: what is declared is imported, and what is imported is declared. */

import { importsOf, packageOf } from './imports.ts';
import { lineAt, type Problem, type SourceFile } from './source-files.ts';

/** The parts of a package.json that count here. */
export interface PackageJson {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Packages that are used without an import: the tools of the checkout. */
const TOOLS: readonly string[] = ['@biomejs/biome', 'typescript', '@types/node'];

/** The library whose types a package holds: `@types/yauzl` is used where `yauzl` is. */
const typedBy = (name: string): string => name.replace(/^@types\//, '');

/** `product` may import dependencies only; `around` (tests, scripts, benchmarks) the development ones too. */
export function packageProblems(
  manifest: PackageJson,
  product: readonly SourceFile[],
  around: readonly SourceFile[],
): Problem[] {
  const dependencies = Object.keys(manifest.dependencies);
  const devDependencies = Object.keys(manifest.devDependencies);
  const declared = (message: string): Problem => ({ path: 'package.json', line: 1, message });
  const usedByProduct = usesOf(product);
  const usedAround = usesOf(around);
  return [
    ...undeclared(usedByProduct, dependencies, 'dependencies'),
    ...undeclared(usedAround, [...dependencies, ...devDependencies], 'dependencies or devDependencies'),
    ...dependencies
      .filter((name) => !usedByProduct.some((use) => use.name === name))
      .map((name) => declared(`no room imports ${name}: remove it, or make it a devDependency`)),
    ...devDependencies
      .filter((name) => !TOOLS.includes(name))
      .filter((name) => ![...usedAround, ...usedByProduct].some((use) => use.name === typedBy(name)))
      .map((name) => declared(`nothing imports ${name}: remove it`)),
  ];
}

interface Use {
  readonly name: string;
  readonly path: string;
  readonly line: number;
}

function usesOf(files: readonly SourceFile[]): Use[] {
  return files.flatMap((file) => {
    const imported = importsOf(file)
      .filter(({ specifier }) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
      .map(({ specifier, line }) => ({ name: packageOf(specifier), path: file.path, line }));
    // A test may load a part of a package that its exports do not name, by path.
    const byPath = [...file.text.matchAll(/\bnode_modules\/([\w@][\w@./-]*)/g)].map((match) => ({
      name: packageOf(match[1]),
      path: file.path,
      line: lineAt(file.text, match.index),
    }));
    return [...imported, ...byPath.filter(({ name }) => !name.startsWith('.'))];
  });
}

function undeclared(uses: readonly Use[], names: readonly string[], where: string): Problem[] {
  return uses
    .filter(({ name }) => !names.includes(name))
    .map(({ name, path, line }) => ({
      path,
      line,
      message: `imports ${name}, which is not in ${where} of package.json`,
    }));
}
