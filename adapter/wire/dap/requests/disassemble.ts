// disassemble: exactly as many instructions as asked for, around an address.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { addressText, parseAddress } from '../addresses';
import { UserError } from '../../../util/user-error';
import type { RequestHandler } from '../request';

const MOST = 100_000;

export const disassemble: RequestHandler = {
  command: 'disassemble',
  capabilities: { supportsDisassembleRequest: true },
  async run(args, { session, places, sources }): Promise<DebugProtocol.DisassembleResponse['body']> {
    const offset = BigInt(Math.trunc(args.optionalNumber('offset') ?? 0));
    const address = BigInt.asUintN(64, parseAddress(args.string('memoryReference')) + offset);
    const count = args.number('instructionCount');
    const from = args.optionalNumber('instructionOffset') ?? 0;
    if (!(count >= 0 && count <= MOST && Math.abs(from) <= MOST)) {
      throw new UserError('bad-count', `At most ${MOST} instructions can be asked for at a time.`);
    }
    const lines = await session.disassemble(address, Math.trunc(from), Math.trunc(count));
    return {
      instructions: lines.map(({ address: at, bytes, text, symbol, place }) => ({
        address: addressText(at),
        instruction: text,
        instructionBytes: [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
        ...(symbol === undefined ? {} : { symbol }),
        ...(place === undefined
          ? {}
          : {
              location: sources.source(place.path, session.sourceExists(place.path)),
              line: places.lineOut(place.line),
            }),
      })),
    };
  },
};
