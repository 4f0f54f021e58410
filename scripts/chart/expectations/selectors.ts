import { at } from '../kubernetes-object.js';
import { type Expectation, matches, ofKind, type Rendering, template } from './rendering.js';

export const SELECTORS: readonly Expectation[] = [
  {
    description: 'every selector selects the pods of the service and not that of the test',
    check: (rendering) => {
      const service = at(template(rendering), 'metadata', 'labels');
      const test = at(ofKind(rendering, 'Pod'), 'metadata', 'labels');
      return selectors(rendering).every((selector) => matches(selector, service) && !matches(selector, test));
    },
  },
];

function selectors({ objects }: Rendering): readonly unknown[] {
  const places = ['selector', 'podSelector'].flatMap((key) => objects.map(({ body }) => at(body, 'spec', key)));
  return places.filter((found) => found !== undefined).map((found) => at(found, 'matchLabels') ?? found);
}
