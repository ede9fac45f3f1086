/**
 * The tint of a value, from -5 (blue) over 0 (grey) to 5 (orange): how large it is beside the
 * largest of its tensor.
 *
 * @param {number} value
 * @param {number} largest
 * @returns {number}
 */
export function tint(value, largest) {
  if (!(largest > 0) || !value) return 0;
  const steps = Math.min(
    5,
    Math.max(1, Math.ceil((Math.abs(value) / largest) * 5 - 1e-9)),
  );
  return value < 0 ? -steps : steps;
}

/**
 * @param {ArrayLike<number>} values
 * @returns {number} The largest size among them.
 */
export function largestOf(values) {
  let largest = 0;
  for (let i = 0; i < values.length; i++)
    largest = Math.max(largest, Math.abs(values[i]) || 0);
  return largest;
}
