// modules.ts: a module as the protocol writes it.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { ModuleView } from '../../session/session-events';

export function moduleOut(module: ModuleView): DebugProtocol.Module {
  return {
    id: module.path,
    name: module.path.slice(module.path.lastIndexOf('/') + 1),
    path: module.path,
    isUserCode: module.isMain,
    symbolStatus: module.symbolText,
    addressRange: module.addressText,
  };
}
