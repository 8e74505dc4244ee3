// diagnostics.ts: mistakes as the editor shows them, and their quick fixes.

import type { CodeAction, Diagnostic, Range } from 'vscode-languageserver';
import { CodeActionKind, DiagnosticSeverity } from 'vscode-languageserver';
import type { Mistake, Severity } from '../../watch/watch-file/syntax';
import type { Analysis } from './analysis';
import { rangeOf } from './ranges';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  note: DiagnosticSeverity.Information,
};

export function diagnosticsOf({ mistakes }: Analysis): Diagnostic[] {
  return mistakes.map(diagnosticOf);
}

function diagnosticOf({ code, severity, span, message }: Mistake): Diagnostic {
  return { range: rangeOf(span), severity: SEVERITIES[severity], code, source: 'trapline', message };
}

/** The fixes of the mistakes that the range touches. */
export function fixesIn({ uri, mistakes }: Analysis, range: Range): CodeAction[] {
  return mistakes
    .filter(({ span }) => span.line >= range.start.line && span.line <= range.end.line)
    .flatMap((mistake) =>
      (mistake.fixes ?? []).map(({ title, span, text }, index): CodeAction => ({
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnosticOf(mistake)],
        isPreferred: index === 0 && mistake.fixes?.length === 1,
        edit: { changes: { [uri]: [{ range: rangeOf(span), newText: text }] } },
      })),
    );
}
