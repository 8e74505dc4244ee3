// source: the text of a source file by number: those that are not on this machine, so it says just that.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { UserError } from '../../../util/user-error';
import type { RequestHandler } from '../request';

export const source: RequestHandler = {
  command: 'source',
  run(args, { sources }): DebugProtocol.SourceResponse['body'] {
    const reference =
      args.object('source').optionalNumber('sourceReference') ?? args.optionalNumber('sourceReference') ?? 0;
    const path = sources.pathOf(reference);
    if (path === undefined) throw new UserError('no-source', 'There is no source with this number.');
    const text = [
      `// ${path} is not on this machine.`,
      '// The program was compiled from it, perhaps elsewhere: lines and variables are known, the text is not.',
      '// Put the file there, or compile the program here, to see it.',
      '',
    ];
    // Without a type of its own an editor goes by the name: C's, C++'s or Rust's colours.
    return { content: text.join('\n') };
  },
};
