// stackTrace: a page of a stopped thread's frames; what is not the program's own and has no source is shown faintly.
//
// An editor folds faint frames: were all of them faint, nothing would be shown of a program without debug information.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { FrameView } from '../../../session/session-events';
import type { RequestContext, RequestHandler } from '../request';

export const stackTrace: RequestHandler = {
  command: 'stackTrace',
  capabilities: { supportsDelayedStackTraceLoading: true },
  run(args, context): DebugProtocol.StackTraceResponse['body'] {
    const start = Math.max(args.optionalNumber('startFrame') ?? 0, 0);
    const levels = Math.max(args.optionalNumber('levels') ?? 0, 0);
    const { frames, total } = context.session.stackTrace(args.number('threadId'), start, levels);
    return { stackFrames: frames.map((frame) => frameOut(frame, context)), totalFrames: total };
  },
};

function frameOut(frame: FrameView, { places, sources }: RequestContext): DebugProtocol.StackFrame {
  const { id, name, place, sourceExists, isOwn, instruction, modulePath } = frame;
  const where =
    place === undefined
      ? { line: 0, column: 0 }
      : {
          line: places.lineOut(place.line),
          column: places.columnOut(place.column),
          source: sources.source(place.path, sourceExists, isOwn),
        };
  return {
    id,
    name,
    ...where,
    ...(sourceExists || isOwn ? {} : { presentationHint: 'subtle' as const }),
    instructionPointerReference: instruction,
    ...(modulePath === undefined ? {} : { moduleId: modulePath }),
  };
}
