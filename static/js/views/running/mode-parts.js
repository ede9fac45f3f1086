/** @import {Model} from "../../model.js" */

/** The input of a mode: what is given for each cell. @param {Model} model */
export const inputOf = (model) =>
  Object.values(model.tensors).find(
    ({ role, axes }) => role === "input" && axes.length > 1,
  ) ?? Object.values(model.tensors)[0];

/** @param {Model} model */
export const outputOf = (model) =>
  Object.values(model.tensors).find(({ role }) => role === "output") ??
  Object.values(model.tensors)[0];

/** What a mode normalises by: what it reads beside the input, one number a feature. @param {Model} model */
export function statisticsOf(model) {
  const phase = model.phases.find(
    ({ writes, combine }) =>
      combine === "each" && model.tensor(writes).axes.length > 1,
  );
  const read = Object.values(phase?.reads ?? {});
  return read
    .filter((name) => model.tensor(name).axes.length === 1)
    .map((name, n) => ({
      letter: `${n ? "σ²" : "μ"}${model.given(name) ? " run" : ""}`,
      value: model.tensor(name).values[0],
    }));
}
