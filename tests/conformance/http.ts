/** What every Http driver does, over real local sockets. Run from `http.test.ts` on each of them. */

import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { ErrorCode } from '../../core/errors.ts';
import type { Http, HttpRequest } from '../../core/ports/http.ts';

const BODY = Buffer.from('"Time Stamp","Name"\n'.repeat(50));

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export function httpConformance(name: string, open: () => Http): void {
  describe(`http: ${name}`, () => {
    let http: Http;
    let server: Server;
    let port = 0;
    let answer: Answer = (_request, response) => response.end();
    const sockets = new Set<Socket>();
    let asked: IncomingMessage[] = [];

    before(async () => {
      http = open();
      server = createServer((request, response) => {
        asked.push(request);
        answer(request, response);
      });
      server.on('connection', (socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      port = (server.address() as AddressInfo).port;
    });
    after(async () => {
      await http.close();
      for (const socket of sockets) socket.destroy();
      server.close();
    });

    const get = (path: string, changes: Partial<HttpRequest> = {}) => {
      asked = [];
      return http.get({
        url: `http://127.0.0.1:${port}${path}`,
        maxBytes: 100_000,
        timeoutMs: 3000,
        allowedHosts: [`127.0.0.1:${port}`],
        allowsPrivate: true,
        ...changes,
      });
    };
    const fails = (code: ErrorCode, message: RegExp) => ({ name: 'CarbonError', code, message });

    test('status, headers and body come back, whatever the status', async () => {
      for (const status of [200, 304, 404, 429, 500]) {
        answer = (_request, response) => {
          response.writeHead(status, { ETag: '"e"', 'Retry-After': '7' });
          response.end(status === 304 ? undefined : BODY);
        };
        const got = await get('/a?b=c', { headers: { 'x-key': 'k', 'if-none-match': '"e"' } });
        assert.equal(got.status, status);
        assert.equal(got.headers['etag'], '"e"');
        assert.equal(got.headers['retry-after'], '7');
        assert.equal(got.url, `http://127.0.0.1:${port}/a?b=c`);
        assert.deepEqual(Buffer.from(got.body), status === 304 ? Buffer.alloc(0) : BODY);
        assert.equal(asked[0]?.url, '/a?b=c');
        assert.equal(asked[0]?.headers['x-key'], 'k');
        assert.equal(asked[0]?.headers['if-none-match'], '"e"');
      }
    });

    test('a form is sent with its type, an answer comes back, a redirect is not followed', async () => {
      let body = '';
      answer = (request, response) => {
        request.on('data', (part) => {
          body += part;
        });
        request.on('end', () => {
          response.writeHead(request.url === '/moved' ? 303 : 201, { Location: '/elsewhere' });
          response.end(BODY);
        });
      };
      const post = (path: string, changes: Partial<HttpRequest> = {}) => {
        asked = [];
        return http.post({
          url: `http://127.0.0.1:${port}${path}`,
          maxBytes: 100_000,
          timeoutMs: 3000,
          allowedHosts: [`127.0.0.1:${port}`],
          allowsPrivate: true,
          contentType: 'application/x-www-form-urlencoded',
          body: 'a=1&b=%26',
          headers: { 'x-key': 'k' },
          ...changes,
        });
      };
      const got = await post('/token');
      assert.deepEqual([got.status, Buffer.from(got.body), body], [201, BODY, 'a=1&b=%26']);
      const [{ method, headers } = {}] = asked;
      assert.deepEqual(
        [method, headers?.['content-type'], headers?.['x-key']],
        ['POST', 'application/x-www-form-urlencoded', 'k'],
      );
      assert.equal((await post('/moved')).status, 303);
      assert.equal(asked.length, 1);
      await assert.rejects(post('/token', { maxBytes: 3 }), fails('SOURCE_TOO_LARGE', /allowed/));
      await assert.rejects(post('/token', { allowedHosts: [] }), fails('SOURCE_NOT_ALLOWED', /allow-list/));
    });

    test('the encoding of the transfer is undone', async () => {
      const forms = [
        ['gzip', gzipSync(BODY)],
        ['x-gzip', gzipSync(BODY)],
        ['deflate', deflateSync(BODY)],
        ['br', brotliCompressSync(BODY)],
        ['gzip, br', brotliCompressSync(gzipSync(BODY))],
        ['identity', BODY],
      ] as const;
      for (const [encoding, bytes] of forms) {
        answer = (_request, response) => {
          response.writeHead(200, { 'Content-Encoding': encoding });
          response.end(bytes);
        };
        assert.deepEqual(Buffer.from((await get('/')).body), BODY, encoding);
      }
      answer = (_request, response) => {
        response.writeHead(200, { 'Content-Encoding': 'rot13' });
        response.end(BODY);
      };
      await assert.rejects(get('/'), fails('SOURCE_NOT_DATA', /rot13/));
    });

    test('a body that is cut is no answer, encoded or not', async () => {
      answer = (_request, response) => {
        response.writeHead(200, { 'Content-Length': String(BODY.length) });
        response.write(BODY.subarray(0, 300), () => response.destroy());
      };
      await assert.rejects(get('/'), fails('SOURCE_UNREACHABLE', /127\.0\.0\.1/));
      answer = (_request, response) => {
        response.writeHead(200, { 'Transfer-Encoding': 'chunked' });
        response.write(BODY.subarray(0, 300), () => response.destroy());
      };
      await assert.rejects(get('/'), fails('SOURCE_UNREACHABLE', /./));
      answer = (_request, response) => {
        const bytes = gzipSync(BODY);
        response.writeHead(200, { 'Content-Encoding': 'gzip' });
        response.end(bytes.subarray(0, bytes.length - 12));
      };
      await assert.rejects(get('/'), fails('SOURCE_UNREACHABLE', /cut or damaged/));
    });

    test('a body over the limit is not read to its end', async () => {
      answer = (_request, response) => {
        response.writeHead(200, { 'Content-Length': '5000000' });
        response.write('x');
      };
      await assert.rejects(get('/'), fails('SOURCE_TOO_LARGE', /5000000/));
      let sent = 0;
      answer = (_request, response) => {
        const more = (): void => {
          if (response.destroyed || sent > 50_000_000) return void response.end();
          sent += 16_384;
          if (response.write(Buffer.alloc(16_384))) setImmediate(more);
          else response.once('drain', more);
        };
        more();
      };
      await assert.rejects(get('/'), fails('SOURCE_TOO_LARGE', /more than 100000/));
      assert.ok(sent < 20_000_000, `${sent} bytes were sent`);
      answer = (_request, response) => {
        response.writeHead(200, { 'Content-Encoding': 'gzip' });
        response.end(gzipSync(Buffer.alloc(30_000_000)));
      };
      await assert.rejects(get('/'), fails('SOURCE_TOO_LARGE', /more than 100000/));
      answer = (_request, response) => response.end(Buffer.alloc(100_000));
      assert.equal((await get('/')).body.length, 100_000, 'as large as allowed');
    });

    test('an answer that does not come in time is given up: head, body, and slow drips', async () => {
      answer = () => {};
      const begun = Date.now();
      await assert.rejects(get('/', { timeoutMs: 200 }), fails('SOURCE_UNREACHABLE', /within 0\.2 s/));
      answer = (_request, response) => {
        const drip = setInterval(() => response.write('x'), 50);
        response.on('close', () => clearInterval(drip));
      };
      await assert.rejects(get('/', { timeoutMs: 300 }), fails('SOURCE_UNREACHABLE', /within 0\.3 s/));
      assert.ok(Date.now() - begun < 10_000);
    });

    test('who does not listen, and what is no HTTP, are unreachable', async () => {
      const gone = createServer();
      await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done));
      const free = (gone.address() as AddressInfo).port;
      await new Promise((done) => gone.close(done));
      const there = { url: `http://127.0.0.1:${free}/`, allowedHosts: [`127.0.0.1:${free}`] };
      await assert.rejects(get('/', there), fails('SOURCE_UNREACHABLE', /ECONNREFUSED/));
      answer = (request) => request.socket.end('NOT HTTP AT ALL\r\n\r\n');
      await assert.rejects(get('/'), fails('SOURCE_UNREACHABLE', /./));
      answer = (request) => request.socket.destroy();
      await assert.rejects(get('/'), fails('SOURCE_UNREACHABLE', /./));
      const nowhere = { url: 'http://no-such-host.invalid/', allowedHosts: ['no-such-host.invalid'] };
      await assert.rejects(get('/', nowhere), fails('SOURCE_UNREACHABLE', /no-such-host/));
    });

    test('redirects are followed on the allow-list, and not beyond it', async () => {
      answer = (request, response) => {
        if (request.url === '/end') return void response.end('here');
        response.writeHead(302, { Location: request.url === '/start' ? '/middle' : '/end' });
        response.end('go on');
      };
      const got = await get('/start');
      assert.equal(Buffer.from(got.body).toString(), 'here');
      assert.equal(got.url, `http://127.0.0.1:${port}/end`);
      answer = (_request, response) => {
        response.writeHead(301, { Location: `http://localhost:${port}/stolen` });
        response.end();
      };
      await assert.rejects(get('/'), fails('SOURCE_NOT_ALLOWED', /localhost/));
      assert.equal(asked.length, 1, 'the foreign host was not asked');
      answer = (_request, response) => {
        response.writeHead(307, { Location: '/round' });
        response.end();
      };
      await assert.rejects(get('/round'), fails('SOURCE_UNREACHABLE', /redirects/));
      for (const location of ['file:///etc/passwd', 'http://[::1', 'gopher://x/']) {
        answer = (_request, response) => {
          response.writeHead(302, { Location: location });
          response.end();
        };
        await assert.rejects(get('/'), fails('SOURCE_NOT_ALLOWED', /./), location);
      }
    });

    test('credentials do not travel to another host of the allow-list', async () => {
      const there = { allowedHosts: [`127.0.0.1:${port}`, `localhost:${port}`] };
      answer = (request, response) => {
        if (request.url === '/end') return void response.end('here');
        response.writeHead(302, { Location: `http://localhost:${port}/end` });
        response.end();
      };
      await get('/start', {
        ...there,
        headers: { Authorization: 'Basic x', 'User-Agent': 'u', 'X-Key': 'k' },
      });
      assert.equal(asked[0]?.headers['authorization'], 'Basic x');
      assert.equal(asked[1]?.headers['authorization'], undefined);
      assert.equal(asked[1]?.headers['x-key'], undefined);
      assert.equal(asked[1]?.headers['user-agent'], 'u');
    });

    test('hosts off the list, private addresses, names that lead to them and odd addresses are not asked', async () => {
      answer = (_request, response) => response.end('secret');
      await assert.rejects(
        get('/', { allowedHosts: ['mis.nyiso.com'] }),
        fails('SOURCE_NOT_ALLOWED', /not on the allow-list/),
      );
      await assert.rejects(get('/', { allowedHosts: [] }), fails('SOURCE_NOT_ALLOWED', /./));
      const guarded = { allowsPrivate: false };
      await assert.rejects(get('/', guarded), fails('SOURCE_NOT_ALLOWED', /private address/));
      const hosts = [
        `localhost:${port}`,
        '10.1.2.3',
        '169.254.169.254',
        '192.168.1.1',
        '172.31.0.1',
        '100.64.0.1',
        '[::1]',
        '[fd00::1]',
        '[fe80::1]',
        '[::ffff:10.0.0.1]',
        '0.0.0.0',
      ];
      for (const host of hosts) {
        const url = new URL(`http://${host}/`);
        const there = { ...guarded, url: url.href, allowedHosts: [url.host] };
        await assert.rejects(get('/', there), fails('SOURCE_NOT_ALLOWED', /private address/), host);
      }
      const number = { ...guarded, url: 'http://2130706433/', allowedHosts: ['127.0.0.1'] };
      await assert.rejects(get('/', number), fails('SOURCE_NOT_ALLOWED', /private address/));
      for (const url of ['ftp://127.0.0.1/', 'http://u:p@127.0.0.1/', 'no address'])
        await assert.rejects(
          get('/', { url, allowedHosts: ['127.0.0.1'] }),
          fails('SOURCE_NOT_ALLOWED', /./),
        );
      assert.equal(asked.length, 0, 'nothing was asked');
    });

    test('a connection is used again', async () => {
      answer = (_request, response) => response.end('x');
      await get('/');
      const before = sockets.size;
      for (let i = 0; i < 5; i++) await get('/');
      assert.ok(sockets.size <= before, `${sockets.size} sockets`);
    });
  });
}
