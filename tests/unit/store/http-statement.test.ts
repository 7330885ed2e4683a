import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertIn, isReading, parametersIn, settingsIn } from '../../../drivers/chdb/http-statement.ts';

test('an INSERT is taken apart, with or without columns and settings', () => {
  assert.deepEqual(insertIn("INSERT INTO t SETTINGS a = 'x', b = 1 FORMAT Native"), {
    target: 't',
    settings: "a = 'x', b = 1",
    format: 'Native',
  });
  assert.deepEqual(insertIn('insert into db.t (a, b)\nformat JSONEachRow ;'), {
    target: 'db.t (a, b)',
    settings: '',
    format: 'JSONEachRow',
  });
  assert.equal(insertIn('INSERT INTO t SELECT 1'), null);
  assert.equal(insertIn('SELECT 1 FORMAT Native'), null);
});

test('reading statements are told from writing ones behind any comments', () => {
  for (const sql of [
    'SELECT 1',
    ' -- c\n/* d */ with 1 as a select a',
    '(SELECT 1)',
    'DESCRIBE TABLE t',
    'show tables',
  ])
    assert.equal(isReading(sql), true, sql);
  for (const sql of [
    'CREATE TABLE selects (a UInt8)',
    '-- SELECT\nDROP TABLE t',
    'INSERT INTO t SELECT 1',
    'SELECTED',
  ])
    assert.equal(isReading(sql), false, sql);
});

test('parameters and settings are read from the URL by name', () => {
  const url = new URLSearchParams({
    param_s: "it\\'s\\\\ \\t",
    param_a: "['a\\'b,','c\\\\']",
    param_n: '[1,-2.5]',
    param_e: '[]',
    param_b: '[not a list',
    param_z: '\\N',
    max_threads: '3',
    wait_end_of_query: '1',
    query: 'x',
  });
  const sql =
    'SELECT {s:String}, {a:Array(String)}, { n : Array(Float64)}, {e:Array(String)}, {b:String}, {z:Nullable(String)}';
  assert.deepEqual(parametersIn(url, sql), {
    s: "it's\\ \t",
    a: ["a'b,", 'c\\'],
    n: [1, -2.5],
    e: [],
    b: '[not a list',
    z: null,
  });
  assert.deepEqual(settingsIn(url), [['max_threads', '3']]);
});
