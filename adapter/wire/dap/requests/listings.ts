// listings: modules and loadedSources.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { moduleOut } from '../modules';
import type { RequestHandler } from '../request';

export const modules: RequestHandler = {
  command: 'modules',
  capabilities: { supportsModulesRequest: true },
  run(args, { session }): DebugProtocol.ModulesResponse['body'] {
    const all = session.modules();
    const start = Math.max(args.optionalNumber('startModule') ?? 0, 0);
    const count = args.optionalNumber('moduleCount') ?? 0;
    const page = count > 0 ? all.slice(start, start + count) : all.slice(start);
    return { modules: page.map(moduleOut), totalModules: all.length };
  },
};

export const loadedSources: RequestHandler = {
  command: 'loadedSources',
  capabilities: { supportsLoadedSourcesRequest: true },
  run(_args, { session, sources }): DebugProtocol.LoadedSourcesResponse['body'] {
    return { sources: session.sources().map((path) => sources.source(path, session.sourceExists(path))) };
  },
};
