// trapline/debugRegisters: the slot map (adapter/protocol/debug-register-map.ts). Our own request.

import { DEBUG_REGISTERS_REQUEST } from '../../../protocol/debug-register-map';
import type { RequestHandler } from '../request';

export const debugRegisters: RequestHandler = {
  command: DEBUG_REGISTERS_REQUEST,
  run(_args, { session }) {
    return session.debugRegisters();
  },
};
