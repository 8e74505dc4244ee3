// memory: readMemory and writeMemory, in base64.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { UserError } from '../../../util/user-error';
import { addressText, parseAddress } from '../addresses';
import type { Arguments } from '../arguments';
import type { RequestHandler } from '../request';

const MOST_BYTES = 16 * 1024 * 1024;

export const readMemory: RequestHandler = {
  command: 'readMemory',
  capabilities: { supportsReadMemoryRequest: true },
  async run(args, { session }): Promise<DebugProtocol.ReadMemoryResponse['body']> {
    const address = addressOf(args);
    const count = args.number('count');
    if (!Number.isInteger(count) || count < 0 || count > MOST_BYTES) {
      throw new UserError('bad-count', `\`count\` must be a whole number from 0 to ${MOST_BYTES}.`);
    }
    const bytes = count === 0 ? new Uint8Array(0) : await session.readMemory(address, count);
    const missing = count - bytes.length;
    return {
      address: addressText(address),
      ...(missing > 0 ? { unreadableBytes: missing } : {}),
      ...(bytes.length > 0 ? { data: Buffer.from(bytes).toString('base64') } : {}),
    };
  },
};

export const writeMemory: RequestHandler = {
  command: 'writeMemory',
  capabilities: { supportsWriteMemoryRequest: true },
  async run(args, context): Promise<DebugProtocol.WriteMemoryResponse['body']> {
    const address = addressOf(args);
    const bytes = new Uint8Array(Buffer.from(args.string('data'), 'base64'));
    if (!(await context.session.writeMemory(address, bytes))) {
      throw new UserError(
        'not-mapped',
        `${bytes.length} bytes at ${addressText(address)} are not all mapped: nothing was written.`,
      );
    }
    context.sendEvent('invalidated', { areas: ['variables'] });
    return { bytesWritten: bytes.length };
  },
};

function addressOf(args: Arguments): bigint {
  const offset = BigInt(Math.trunc(args.optionalNumber('offset') ?? 0));
  return BigInt.asUintN(64, parseAddress(args.string('memoryReference')) + offset);
}
