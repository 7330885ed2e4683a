import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { childOf, readXml, type XmlElement } from '../../../connectors/kit/readers/xml.ts';
import { CarbonError } from '../../../core/errors.ts';

const payload = (text: string) => ({ name: 'a.xml', bytes: new TextEncoder().encode(text) });
const read = (text: string) => readXml(payload(text), () => false);

test('names are compared by namespace and local part, text is trimmed, lines are those of the start tags', () => {
  const { root, damage } = read(
    '<m:a xmlns:m="u:1">\n<m:b\n  n="1">\n one <!-- no --> &amp; <![CDATA[<two>]]>\n</m:b><b/></m:a>\n',
  );
  assert.equal(damage, null);
  assert.deepEqual([root?.uri, root?.name, root?.line], ['u:1', 'a', 1]);
  const [first, second] = root?.children ?? [];
  assert.deepEqual([first?.uri, first?.name, first?.line, first?.text], ['u:1', 'b', 2, 'one  & <two>']);
  assert.equal(first?.attributes.get('n'), '1');
  assert.deepEqual([second?.uri, second?.name], ['', 'b']);
  assert.equal(childOf(root as XmlElement, 'b'), first);
  assert.equal(childOf(root as XmlElement, 'c'), null);
});

test('namespaces hold inside of the element that binds them, the default one for elements only', () => {
  const { root } = read(
    '<a xmlns="u:1" c="0"><b xmlns="u:2" xmlns:m="u:3"><c m:d="1" d="2"/><m:c/></b><b/><x xmlns=""><y xml:lang="e"/></x></a>',
  );
  const shown = (element: XmlElement): string =>
    `${element.name}@${element.uri}(${element.children.map(shown).join(' ')})`;
  assert.equal(shown(root as XmlElement), 'a@u:1(b@u:2(c@u:2() c@u:3()) b@u:1() x@(y@()))');
  assert.equal(root?.children[2]?.children[0]?.attributes.get('lang'), 'e');
});

test('a dropped element is not held; the others are, and its ancestors are told', () => {
  const paths: string[] = [];
  const { root } = readXml(payload('<a><h>1</h><r><v>2</v></r><r><v>3</v></r></a>'), (element, ancestors) => {
    paths.push([...ancestors.map(({ name }) => name), element.name].join('/'));
    return element.name === 'r';
  });
  assert.deepEqual(paths, ['a/h', 'a/r/v', 'a/r', 'a/r/v', 'a/r', 'a']);
  assert.deepEqual(
    root?.children.map(({ name }) => name),
    ['h'],
  );
});

for (const [what, text, line, message] of [
  ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]>\n<a>&b;</a>', 1, /document type/],
  ['an entity of HTML', '<a>\n&nbsp;</a>', 2, /entity/],
  ['an end tag too many', '<a>\n\n</a></b>', 3, /line 3/],
  ['a cut document', '<a>\n<b>', 2, /unclosed/],
  ['text only', 'prices', 1, /outside of root/],
  ['an unbound prefix', '<m:a/>', 1, /prefix/],
  ['an unbound prefix of an attribute', '<a>\n<b m:c="1"/></a>', 2, /unbound namespace prefix/],
  ['a prefix outside of where it is bound', '<a><b xmlns:m="u:1"/>\n<m:c/></a>', 2, /unbound/],
  ['a name of three parts', '<a xmlns:m="u:1"><m:b:c/></a>', 1, /malformed name/],
  ['a name without its prefix', '<:a/>', 1, /malformed name/],
  ['one attribute by two prefixes', '<a xmlns:m="u" xmlns:n="u" m:b="1" n:b="2"/>', 1, /duplicate attribute/],
  ['a prefix bound to nothing', '<a xmlns:m=""/>', 1, /cannot be declared/],
  ['another namespace for xml', '<a xmlns:xml="u:1"/>', 1, /cannot be declared/],
  ['another prefix for xml', '<a xmlns:m="http://www.w3.org/XML/1998/namespace"/>', 1, /cannot be declared/],
  ['xmlns as a prefix', '<xmlns:a/>', 1, /xmlns/],
  ['deep nesting', '<a>'.repeat(40), 1, /deeper than 32/],
] as const)
  test(`${what} is damage with its line`, () => {
    const { damage } = read(text);
    assert.equal(damage?.code, 'SOURCE_MALFORMED');
    assert.equal(damage?.position.line, line);
    assert.equal(damage?.position.file, 'a.xml');
    assert.match(damage?.message ?? '', message);
  });

test('too many elements are damage', () => {
  const { damage } = readXml(payload('<a><b/><b/><b/></a>'), () => true, { maxDepth: 5, maxElements: 3 });
  assert.match(damage?.message ?? '', /more than 3 elements/);
});

test('no bytes, a page and a container are refused as by the other readers', () => {
  const codeOf = (text: string): string => {
    try {
      read(text);
    } catch (error) {
      if (error instanceof CarbonError) return error.code;
    }
    return 'read';
  };
  assert.equal(codeOf(''), 'SOURCE_EMPTY');
  assert.equal(codeOf('<html><body>Busy</body></html>'), 'SOURCE_NOT_DATA');
  assert.equal(codeOf('PK\u0003\u0004'), 'SOURCE_UNRECOGNISED');
});

test('the last line is that of the end, and any cut is damage', () => {
  const text = '<a>\n<b>1</b>\n<b>2</b>\n</a>\n';
  assert.equal(read(text).lastLine, 5);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: text.length - 3 }), (length) => {
      assert.equal(read(text.slice(0, length)).damage?.code, 'SOURCE_MALFORMED');
    }),
    { numRuns: 60 },
  );
});
