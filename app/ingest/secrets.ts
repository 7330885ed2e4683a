/** Secrets of sources: where they come from, and how they are kept out of what is stored (L3). */

import { readFileSync } from 'node:fs';
import { CarbonError } from '../../core/errors.ts';

/** Shorter texts are no secrets: taking them out of a body would take out data. */
const LEAST_LENGTH = 6;
const MARK = Buffer.from('REDACTED');

/** Where secrets are looked for. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The secret of a variable: its value, or the content of the file that `<NAME>_FILE` names, without blanks around it.
 * Null when neither is set. Throws SECRET_MISSING when both are, when the file cannot be read, and when the secret is
 * shorter than six characters or holds line ends.
 */
export function secretOf(name: string, variables: Variables): string | null {
  const value = variables[name];
  const file = variables[`${name}_FILE`];
  if (value !== undefined && file !== undefined)
    throw unusable(name, `${name} and ${name}_FILE are both set`, 'one of them', 'both');
  const secret = (file === undefined ? value : contentOf(name, file))?.trim();
  if (secret === undefined || secret === '') return null;
  if (secret.length < LEAST_LENGTH || /[\r\n]/.test(secret))
    throw unusable(
      name,
      `${name} is no secret: it is too short or has line ends`,
      `one line of at least ${LEAST_LENGTH} characters`,
      `${secret.length} characters`,
    );
  return secret;
}

function contentOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw unusable(name, `${name}_FILE cannot be read`, 'a file that can be read', file);
  }
}

/** SECRET_MISSING; never with the secret itself. */
export function unusable(field: string, message: string, expected: string, got: string): CarbonError {
  return new CarbonError('SECRET_MISSING', message, { position: { field, expected, got } });
}

/**
 * The bytes with every secret replaced by `REDACTED`, in each form in which a source may repeat it: as it is, encoded
 * for an address, a form, JSON, HTML, and Base64. The same bytes when none occurs.
 */
export function withoutSecrets(body: Uint8Array, secrets: readonly string[]): Uint8Array {
  let bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let changed = false;
  for (const form of formsOf(secrets)) {
    const parts: Buffer[] = [];
    let from = 0;
    for (let at = bytes.indexOf(form); at >= 0; at = bytes.indexOf(form, from)) {
      parts.push(bytes.subarray(from, at), MARK);
      from = at + form.length;
    }
    if (parts.length === 0) continue;
    bytes = Buffer.concat([...parts, bytes.subarray(from)]);
    changed = true;
  }
  return changed ? bytes : body;
}

/** A text without secrets, for messages and headers that are kept. */
export function textWithoutSecrets(text: string, secrets: readonly string[]): string {
  return formsOf(secrets).reduce((clean, form) => clean.replaceAll(form, MARK.toString()), text);
}

/** Longest first, so that no form leaves a part of a longer one behind. */
function formsOf(secrets: readonly string[]): string[] {
  const forms = secrets.flatMap((secret) => {
    const address = encodeURIComponent(secret);
    return [
      secret,
      address,
      address.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
      new URLSearchParams({ s: secret }).toString().slice(2),
      JSON.stringify(secret).slice(1, -1),
      JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
      secret
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;'),
      Buffer.from(secret).toString('base64'),
    ];
  });
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}
