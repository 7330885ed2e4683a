/**
 * EIA repeats the caller's key in its answers: `"api_key":"…"` among the parameters of the request, `api_key=…` in an
 * address. The key is overwritten with stars in place, so that every other byte stays where it was.
 */

const KEY =
  /((?:"|\\")api[_-]?key(?:"|\\")\s*:\s*(?:"|\\"))([^"\\]+)|(\bapi[_-]?key(?:=|%3D))([^&"'\s\\<>]+)/gi;

/** The body without the key, of the same length; the same bytes where there is none. Pure. */
export function redactEia(bytes: Uint8Array): Uint8Array {
  // A letter to a byte: what is no text comes back as it was.
  const text = new TextDecoder('latin1').decode(bytes);
  let redacted: Uint8Array | null = null;
  for (const match of text.matchAll(KEY)) {
    const head = match[1] ?? match[3] ?? '';
    const key = match[2] ?? match[4] ?? '';
    redacted ??= bytes.slice();
    redacted.fill(STAR, match.index + head.length, match.index + head.length + key.length);
  }
  return redacted ?? bytes;
}

const STAR = 0x2a;
