import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { compile } from './support/compiled';
import { Person } from './support/session';

describe('where things are declared', () => {
  let person: Person;

  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    await person.close();
  });

  async function declared(expression: string): Promise<string | undefined> {
    const [frame] = await person.frames();
    const value = (await person.client.request('evaluate', {
      expression,
      frameId: frame.id,
    })) as Pick<DebugProtocol.Variable, 'declarationLocationReference'>;
    if (value.declarationLocationReference === undefined) return undefined;
    const place = (await person.client.request('locations', {
      locationReference: value.declarationLocationReference,
    })) as DebugProtocol.LocationsResponse['body'] & object;
    return `${place.source.name ?? ''}:${place.line}`;
  }

  it('a global, a member, an element and a parameter lead to the line of their variable', async () => {
    const shapes = compile('shapes');
    await person.runTo(shapes, ['byte']);
    const lineOf = (text: RegExp): string =>
      `shapes.c:${
        readFileSync(shapes.source, 'utf8')
          .split('\n')
          .findIndex((line) => text.test(line)) + 1
      }`;
    assert.equal(await declared('word'), lineOf(/\bword\b.*;/));
    assert.equal(await declared('table[3]'), lineOf(/\btable\[/));
    assert.equal(await declared('settings.origin.x'), lineOf(/\bsettings\b.*[=;]/));
    assert.equal(await declared('*&word'), lineOf(/\bword\b.*;/));
  });

  it('a computation has no declaration, and an unknown place is refused with a sentence', async () => {
    await person.runTo(compile('shapes'), ['byte']);
    assert.equal(await declared('3 + 4'), undefined);
    await assert.rejects(
      person.client.request('locations', { locationReference: 77 }),
      /Nothing is known of this place/,
    );
  });
});
