/** Which hosts and addresses a connector may reach (L3): its allow-list, and nothing inside the operator's network. */

import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { CarbonError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/ports/http.ts';

/** Special-purpose ranges of https://www.iana.org/assignments/iana-ipv4-special-registry and its IPv6 twin. */
const PRIVATE = new BlockList();
for (const range of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
])
  addRange(range, 'ipv4');
for (const range of ['::/127', '::ffff:0:0/96', '64:ff9b::/96', 'fc00::/7', 'fe80::/10', 'ff00::/8'])
  addRange(range, 'ipv6');

function addRange(range: string, family: 'ipv4' | 'ipv6'): void {
  const [net = '', bits] = range.split('/');
  PRIVATE.addSubnet(net, Number(bits), family);
}

/** True for loopback, link-local, private and other addresses that are not on the public internet. */
export function isPrivateAddress(address: string): boolean {
  return PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Checks an address against the allow-list before anything is sent. A host printed as an address is checked here;
 * names are checked when they are resolved. Throws SOURCE_NOT_ALLOWED.
 */
export function requireAllowed(url: URL, request: HttpRequest): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw notAllowed(`${url.protocol} is not http or https`, url, 'http or https');
  if (url.username !== '' || url.password !== '')
    throw notAllowed('an address with a user or a password in it', url, 'headers for credentials');
  if (!request.allowedHosts.includes(url.host))
    throw notAllowed(
      `${url.host} is not on the allow-list`,
      url,
      request.allowedHosts.join(', ') || 'no host at all',
    );
  const bare = url.hostname.replace(/^\[|\]$/g, '');
  if (!request.allowsPrivate && isIP(bare) !== 0 && isPrivateAddress(bare))
    throw notAllowed(`${bare} is a private address`, url, 'a public address');
}

function notAllowed(why: string, url: URL, expected: string): CarbonError {
  return new CarbonError('SOURCE_NOT_ALLOWED', `${url.origin}${url.pathname} is not asked: ${why}`, {
    position: { field: 'hosts', expected, got: url.host },
  });
}

/** Resolves names for connections to the public internet; one private address among the answers refuses them all. */
export const publicLookup: LookupFunction = (hostname, options, done) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, '', 0);
    const inside = found.find(({ address }) => isPrivateAddress(address));
    const [first] = found;
    if (inside !== undefined || first === undefined) {
      const why = `${hostname} leads to the private address ${inside?.address ?? 'none'}`;
      const refused = new CarbonError('SOURCE_NOT_ALLOWED', `${why}; nothing was sent there`, {
        position: { field: 'hosts', expected: 'a public address', got: hostname },
      });
      return done(refused, '', 0);
    }
    if (options.all === true) done(null, found);
    else done(null, first.address, first.family);
  });
};
