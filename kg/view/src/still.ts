// In the place of d3-transition, of which d3-zoom wants no more than that nothing moves on: the picture moves by itself.

import { selection } from "d3-selection";

export const interrupt = (): void => undefined;
(selection.prototype as { interrupt?: () => unknown }).interrupt = function (this: unknown): unknown { return this; };
