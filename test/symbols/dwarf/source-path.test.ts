import * as assert from 'node:assert';
import { joinPath, matchingPaths, normalizePath } from '../../../adapter/symbols/dwarf/source-path';

const KNOWN = ['/src/app/main.c', '/src/lib/list.c', '/src/lib/list.h', '/other/lib/list.c'];

describe('source paths', () => {
  it('are joined and folded as the compiler meant them', () => {
    assert.strictEqual(joinPath('/build/out', '../src/./a.c'), '/build/src/a.c');
    assert.strictEqual(joinPath('/build', '/abs//a.c'), '/abs/a.c');
    assert.strictEqual(joinPath('', 'a.c'), 'a.c');
    assert.strictEqual(normalizePath('/../../a.c'), '/a.c');
    assert.strictEqual(normalizePath('../x/../a.c'), '../a.c');
  });

  it('mean themselves where they are known', () => {
    assert.deepStrictEqual(matchingPaths('/src/lib/../lib/list.c', KNOWN), ['/src/lib/list.c']);
  });

  it('mean every file that ends so where they are relative', () => {
    assert.deepStrictEqual(matchingPaths('lib/list.c', KNOWN), ['/src/lib/list.c', '/other/lib/list.c']);
    assert.deepStrictEqual(matchingPaths('main.c', KNOWN), ['/src/app/main.c']);
    assert.deepStrictEqual(matchingPaths('ain.c', KNOWN), []);
  });

  it('follow sources that moved by name and folder, never by the name alone', () => {
    assert.deepStrictEqual(matchingPaths('/home/me/app/main.c', KNOWN), ['/src/app/main.c']);
    assert.deepStrictEqual(matchingPaths('/home/me/another/main.c', KNOWN), []);
    assert.deepStrictEqual(matchingPaths('/home/other/lib/list.c', KNOWN), ['/other/lib/list.c']);
  });
});
