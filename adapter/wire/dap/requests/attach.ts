// attach: not there yet; says so.

import { UserError } from '../../../util/user-error';
import type { RequestHandler } from '../request';

export const attach: RequestHandler = {
  command: 'attach',
  run() {
    throw new UserError('attach', 'Trapline runs programs itself: use a configuration with "request": "launch".');
  },
};
