// locations: the place behind a number that `evaluate` handed out.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { UserError } from '../../../util/user-error';
import type { RequestHandler } from '../request';

export const locations: RequestHandler = {
  command: 'locations',
  run(args, { engine, locationReferences, places, sources }): DebugProtocol.LocationsResponse['body'] {
    const place = locationReferences.placeOf(args.number('locationReference'));
    if (place === undefined) throw new UserError('location-unknown', 'Nothing is known of this place any more.');
    return {
      source: sources.source(place.path, engine.files.kindOf(place.path) === 'file'),
      line: places.lineOut(place.line),
    };
  },
};
