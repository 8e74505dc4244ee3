// modules.ts: a module as the protocol writes it.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { ModuleView } from '../../session/session-events';
import { baseName } from '../../util/base-name';

export function moduleOut(module: ModuleView): DebugProtocol.Module {
  return {
    id: module.path,
    name: baseName(module.path),
    path: module.path,
    isUserCode: module.isMain,
    symbolStatus: module.symbolText,
    addressRange: module.addressText,
  };
}
