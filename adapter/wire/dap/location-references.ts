// location-references.ts: numbers for places in sources, which the editor may ask for later.
//
// A place keeps its number for the whole session: it does not move while the program runs.

import type { PlaceView } from '../../session/session-events';

export class LocationReferences {
  private readonly places: PlaceView[] = [];

  referenceOf(place: PlaceView): number {
    const known = this.places.findIndex(({ path, line }) => path === place.path && line === place.line);
    return known >= 0 ? known + 1 : this.places.push(place);
  }

  placeOf(reference: number): PlaceView | undefined {
    return this.places[reference - 1];
  }
}
