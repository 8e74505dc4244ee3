// entry-values.ts: what a register held when a function was entered, told by the call in its caller.
//
// At -O1 and -O2 a parameter often lives on only as "the value its register had at entry"; the caller's call site says
// how to compute it from what the caller still knows. The site must be a call of this very function.
// Truth: DWARF 5 sections 2.5.1.7 and 3.4; GNU extensions of DWARF 4.

import { AT, OP, TAG } from '../dwarf/dwarf-constants.table';
import type { LocationContext } from '../dwarf/location-facts';
import { computeValue } from '../dwarf/location-machine';
import { Unavailable } from '../dwarf/stack-values';
import type { Die, Unit } from '../dwarf/unit';
import type { EvaluationContext, Frame } from '../program-symbols';
import type { ModuleSymbols } from './module-symbols';
import type { ProgramFrame } from './program-frames';

const UNKNOWN = 'its value at the entry of the function is not known';
/** Callers whose own parameters are entry values, one above the other. */
const MAX_DEPTH = 8;

type ContextMaker = (module: ModuleSymbols, unit: Unit, context: EvaluationContext, depth: number) => LocationContext;

export function entryValueIn(
  frame: ProgramFrame,
  dwarfNumber: number,
  context: EvaluationContext,
  depth: number,
  contextFor: ContextMaker,
): bigint {
  const caller = depth < MAX_DEPTH ? frame.callerFrame() : undefined;
  if (!caller?.module || !frame.module) throw new Unavailable(UNKNOWN);
  const { module } = caller;
  const site = callSiteAt(module, caller);
  const callee = frame.module.functionAt(frame.module.toLink(frame.lookupPc))?.die;
  if (!site || !callee || !calls(site, callee)) throw new Unavailable(UNKNOWN);
  const parameter = site.children.find((child) => isParameterIn(child, dwarfNumber));
  const value = parameter?.get(AT.call_value) ?? parameter?.get(AT.GNU_call_site_value);
  if (value?.kind !== 'expression' && value?.kind !== 'block') throw new Unavailable(UNKNOWN);
  return computeValue(value.bytes, contextFor(module, site.unit, { ...context, frame: caller }, depth + 1));
}

/** The call whose return address is the caller's pc. */
function callSiteAt(module: ModuleSymbols, caller: Frame): Die | undefined {
  const link = module.toLink(caller.pc);
  const die = module.functionAt(module.toLink(caller.lookupPc))?.die;
  if (!die) return undefined;
  const { tree } = die.unit;
  const index = tree.indexOf(die.offset);
  for (let at = index + 1; at < tree.end(index); at++) {
    const tag = tree.tag(at);
    if (tag !== TAG.call_site && tag !== TAG.GNU_call_site) continue;
    const site = die.unit.dieByIndex(at);
    if ((site.address(AT.call_return_pc) ?? site.address(AT.low_pc)) === link) return site;
  }
  return undefined;
}

/** An indirect call names no function; a tail call in between would name another. */
function calls(site: Die, callee: Die): boolean {
  const target = site.reference(AT.call_origin) ?? site.reference(AT.abstract_origin);
  if (!target) return true;
  const last = (die: Die): Die | undefined => die.chain.at(-1);
  return last(target) === last(callee) || (target.name !== undefined && target.name === callee.name);
}

function isParameterIn(child: Die, dwarfNumber: number): boolean {
  if (child.tag !== TAG.call_site_parameter && child.tag !== TAG.GNU_call_site_parameter) return false;
  const location = child.get(AT.location);
  if (location?.kind !== 'expression' && location?.kind !== 'block') return false;
  const { bytes } = location;
  return dwarfNumber < 32 ? bytes[0] === OP.reg0 + dwarfNumber : bytes[0] === OP.regx && bytes[1] === dwarfNumber;
}
