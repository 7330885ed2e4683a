/** The page at `/`: what a port offers, for a person who has found it. */

import type { ServerReply } from '../../core/ports/http-server.ts';
import type { Operation } from './api/operation.ts';
import { plainEndpoints } from './openapi.ts';

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Links that work as they are where no part of the path is to be filled in. */
export function homePage(service: string, operations: readonly Operation[]): ServerReply {
  const rows = [
    ...operations.map(({ path, example, summary }) => ({ path, link: example, summary })),
    ...plainEndpoints(service).map(({ path, summary, body }) => ({
      path: body === undefined ? path : `POST ${path}`,
      link: path.includes('{') || body !== undefined ? null : path,
      summary,
    })),
  ].map(({ path, link, summary }) => {
    const shown = `<code>${escaped(path)}</code>`;
    const cell = link === null ? shown : `<a href="${escaped(link)}">${shown}</a>`;
    return `<tr><td>${cell}</td><td>${escaped(summary)}</td></tr>`;
  });
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    },
    body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>254carbon ${escaped(service)}</title>
<style>body{font:16px/1.5 system-ui;margin:3rem auto;max-width:50rem;padding:0 1rem}td{padding:.2rem 1rem .2rem 0}</style>
<h1>254carbon ${escaped(service)}</h1>
<table>
${rows.join('\n')}
</table>
</html>
`,
  };
}
