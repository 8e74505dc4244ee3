// requests.ts: every request that is answered. One line each; its file under requests/ says the rest.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { RequestHandler } from './request';
import { addWatch } from './requests/add-watch';
import { attach } from './requests/attach';
import { cancel } from './requests/cancel';
import { changeWatch } from './requests/change-watch';
import { completions } from './requests/completions';
import { configurationDone } from './requests/configuration-done';
import { continueRequest } from './requests/continue';
import { dataBreakpointInfo } from './requests/data-breakpoint-info';
import { debugRegisters } from './requests/debug-registers';
import { disassemble } from './requests/disassemble';
import { disconnect, terminate } from './requests/endings';
import { evaluate } from './requests/evaluate';
import { exceptionInfo } from './requests/exception-info';
import { goBack } from './requests/go-back';
import { initialize } from './requests/initialize';
import { launch } from './requests/launch';
import { loadedSources, modules } from './requests/listings';
import { locations } from './requests/locations';
import { readMemory, writeMemory } from './requests/memory';
import { pause } from './requests/pause';
import { planWatch } from './requests/plan-watch';
import { removeWatch } from './requests/remove-watch';
import { reverseContinue, stepBack } from './requests/reverse';
import { scopes } from './requests/scopes';
import { setBreakpoints } from './requests/set-breakpoints';
import { setDataBreakpoints } from './requests/set-data-breakpoints';
import { setExceptionBreakpoints } from './requests/set-exception-breakpoints';
import { setExpression } from './requests/set-expression';
import { setFunctionBreakpoints } from './requests/set-function-breakpoints';
import { setInstructionBreakpoints } from './requests/set-instruction-breakpoints';
import { setVariable } from './requests/set-variable';
import { source } from './requests/source';
import { stackTrace } from './requests/stack-trace';
import { next, stepIn, stepOut } from './requests/steps';
import { threads } from './requests/threads';
import { variables } from './requests/variables';
import { watchHistory } from './requests/watch-history';
import { watches } from './requests/watches';

const ALL: readonly RequestHandler[] = [
  ...[initialize, launch, attach, configurationDone, terminate, disconnect],
  ...[setBreakpoints, setFunctionBreakpoints, setInstructionBreakpoints, setExceptionBreakpoints],
  ...[dataBreakpointInfo, setDataBreakpoints, debugRegisters],
  ...[watches, addWatch, changeWatch, removeWatch, planWatch, watchHistory],
  ...[goBack, reverseContinue, stepBack, cancel],
  ...[continueRequest, next, stepIn, stepOut, pause],
  ...[threads, stackTrace, scopes, variables, evaluate, completions, locations, exceptionInfo],
  ...[setVariable, setExpression, readMemory, writeMemory],
  ...[disassemble, source, modules, loadedSources],
];

export const REQUESTS: ReadonlyMap<string, RequestHandler> = new Map(ALL.map((handler) => [handler.command, handler]));

export const CAPABILITIES: DebugProtocol.Capabilities = ALL.reduce<DebugProtocol.Capabilities>(
  (all, { capabilities }) => ({ ...all, ...capabilities }),
  {},
);
