// sarif-shape.ts: what a SARIF log may hold, for the tests: of the standard the objects that we write.
//
// Nothing but what is named here may be there, so that a misspelt property is found. Written from the standard's text.
// Truth: OASIS SARIF 2.1.0, sections 3.13 to 3.58, named below.

const object = (properties: object, ...required: readonly string[]): object => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const list = (items: object, least = 0): object => ({ type: 'array', items, minItems: least });
const text = { type: 'string', minLength: 1 };
const count = { type: 'integer', minimum: 1 };
const bag = { type: 'object' };
const level = { enum: ['none', 'note', 'warning', 'error'] };

/** 3.11: one of text and id. */
const message = object({ text }, 'text');
/** 3.12 */
const multiformat = object({ text, markdown: text }, 'text');
/** 3.4: a relative reference has no scheme. */
const artifactLocation = object({ uri: { ...text, format: 'uri-reference' }, uriBaseId: text }, 'uri');
/** 3.30 */
const region = object({ startLine: count, startColumn: count, endLine: count, endColumn: count }, 'startLine');
/** 3.29 */
const physicalLocation = object({ artifactLocation, region }, 'artifactLocation', 'region');
/** 3.33 */
const logicalLocation = object({ fullyQualifiedName: text, kind: text }, 'fullyQualifiedName');
/** 3.28 */
const location = object({
  id: { type: 'integer', minimum: 0 },
  physicalLocation,
  logicalLocations: list(logicalLocation),
  message,
});
/** 3.44, 3.45 */
const stack = object({ message, frames: list(object({ location }, 'location')) }, 'frames');
/** 3.36 to 3.38 */
const threadFlow = object({ id: text, locations: list(object({ location }, 'location'), 1) }, 'locations');
const codeFlow = object({ threadFlows: list(threadFlow, 1) }, 'threadFlows');

/** 3.27; what code scanning wants beyond it is required here: a rule, a place, an identity. */
const result = object(
  {
    ruleId: text,
    ruleIndex: { type: 'integer', minimum: 0 },
    level,
    message,
    locations: list(location, 1),
    relatedLocations: list(location),
    stacks: list(stack),
    codeFlows: list(codeFlow),
    partialFingerprints: object(
      { primaryLocationLineHash: { type: 'string', pattern: '^[0-9a-f]+:[1-9]\\d*$' }, 'trapline/v1': text },
      'primaryLocationLineHash',
    ),
    properties: bag,
  },
  ...['ruleId', 'ruleIndex', 'level', 'message', 'locations', 'partialFingerprints'],
);

/** 3.49; 3.50 */
const rule = object(
  {
    id: text,
    name: { type: 'string', pattern: '^[A-Z][A-Za-z]+$' },
    shortDescription: multiformat,
    fullDescription: multiformat,
    help: multiformat,
    helpUri: { ...text, format: 'uri' },
    defaultConfiguration: object({ level }),
    properties: object({ tags: list(text), precision: text, 'problem.severity': text }),
  },
  'id',
);

/** 3.19 */
const driver = object(
  {
    name: text,
    version: text,
    semanticVersion: text,
    informationUri: { ...text, format: 'uri' },
    rules: list(rule),
  },
  'name',
);

const utc = { ...text, format: 'date-time' };

/** 3.20 */
const invocation = object(
  {
    commandLine: text,
    workingDirectory: object({ uri: { ...text, format: 'uri', pattern: '/$' } }, 'uri'),
    startTimeUtc: utc,
    endTimeUtc: utc,
    exitCode: { type: 'integer' },
    exitSignalName: text,
    executionSuccessful: { type: 'boolean' },
    toolExecutionNotifications: list(object({ level, message }, 'message')),
  },
  'executionSuccessful',
);

/** 3.14 */
const run = object(
  {
    tool: object({ driver }, 'driver'),
    automationDetails: object({ id: text }),
    columnKind: { const: 'utf16CodeUnits' },
    originalUriBaseIds: {
      type: 'object',
      additionalProperties: object({ uri: { ...text, format: 'uri', pattern: '/$' } }),
    },
    invocations: list(invocation),
    results: list(result),
  },
  ...['tool', 'results'],
);

/** 3.13 */
export const sarifLog = object(
  { $schema: { ...text, format: 'uri' }, version: { const: '2.1.0' }, runs: list(run) },
  ...['version', 'runs'],
);
