// stackTrace: a page of a stopped thread's frames; frames without source are shown faintly.

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
  const { id, name, place, instruction, modulePath } = frame;
  const where =
    place === undefined
      ? { line: 0, column: 0, presentationHint: 'subtle' as const }
      : {
          line: places.lineOut(place.line),
          column: places.columnOut(place.column),
          source: sources.source(place.path, frame.sourceExists),
          ...(frame.sourceExists ? {} : { presentationHint: 'subtle' as const }),
        };
  return {
    id,
    name,
    ...where,
    instructionPointerReference: instruction,
    ...(modulePath === undefined ? {} : { moduleId: modulePath }),
  };
}
