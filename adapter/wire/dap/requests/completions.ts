// completions: what may come next in the debug console.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Completion } from '../../../session/console/completion';
import type { RequestHandler } from '../request';

const TYPES: Readonly<Record<Completion['kind'], DebugProtocol.CompletionItemType>> = {
  command: 'function',
  variable: 'variable',
  member: 'field',
  register: 'value',
  number: 'reference',
  keyword: 'keyword',
};

export const completions: RequestHandler = {
  command: 'completions',
  capabilities: { supportsCompletionsRequest: true, completionTriggerCharacters: [' ', '.', '>', '$'] },
  run(args, { session, places }): DebugProtocol.CompletionsResponse['body'] {
    const text = args.string('text');
    const line = places.lineIn(args.optionalNumber('line') ?? places.lineOut(1)) - 1;
    const lines = text.split('\n');
    const lineStart = lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0);
    const column = places.columnIn(args.number('column')) - 1;
    const cursor = Math.max(0, Math.min(lineStart + column, text.length));
    const found = session.completions(text.slice(0, cursor), args.optionalNumber('frameId'));
    return {
      targets: found.map(({ label, kind, detail, replaces }, at) => ({
        label,
        type: TYPES[kind],
        sortText: String(at).padStart(3, '0'),
        start: places.columnOut(cursor - lineStart - replaces + 1),
        length: replaces,
        ...(detail === undefined ? {} : { detail }),
      })),
    };
  },
};
