/**
 * A picture as the page holds it: the server's facts, and its own decoded copy of the pixels.
 *
 * @typedef {object} Facts
 * @property {string} id
 * @property {number} width
 * @property {number} height
 * @property {string[]} channels  "Grey", or "Red", "Green", "Blue".
 * @property {string[]} notes
 *
 * @typedef {Facts & {image: ImageData}} Picture
 */

/**
 * The value of a pixel, or null beyond the edge.
 *
 * @param {Picture} picture
 * @param {number} row
 * @param {number} column
 * @param {number} channel
 * @returns {number | null}
 */
export function valueAt(picture, row, column, channel) {
  const { width, height, image } = picture;
  if (row < 0 || column < 0 || row >= height || column >= width) return null;
  return image.data[(row * width + column) * 4 + channel];
}

/**
 * The pixel to begin with: the wanted one, else the picture's own, else the middle.
 *
 * @param {{width: number, height: number}} picture
 * @param {{row?: number | null, column?: number | null}} wanted
 * @param {{row: number, column: number} | null} own
 */
export function startPoint({ width, height }, wanted, own) {
  const row = wanted.row ?? own?.row ?? Math.floor(height / 2);
  const column = wanted.column ?? own?.column ?? Math.floor(width / 2);
  return {
    row: Math.min(row, height - 1),
    column: Math.min(column, width - 1),
  };
}

/**
 * Decode a picture to its exact bytes: no colour conversion, no alpha.
 *
 * @param {Blob} blob
 * @returns {Promise<ImageData>}
 */
export async function decodePixels(blob) {
  const bitmap = await createImageBitmap(blob, {
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
  });
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d", { willReadFrequently: true })
  );
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/**
 * Shrink a picture in the browser, so that a phone's photo can be sent at all.
 *
 * @param {Blob} file
 * @param {number} side  The longest side it may have.
 * @returns {Promise<{blob: Blob, sentence: string}>}
 */
export async function shrinkPicture(file, side) {
  const bitmap = await createImageBitmap(file, {
    imageOrientation: "from-image",
  });
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d")
  );
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const sizes = `${bitmap.width} × ${bitmap.height} to ${canvas.width} × ${canvas.height}`;
  bitmap.close();
  /** @type {Blob | null} */
  const blob = await new Promise((done) =>
    canvas.toBlob(done, "image/jpeg", 0.92),
  );
  if (!blob) throw new Error("The browser could not shrink this picture.");
  return {
    blob,
    sentence: `Shrunk in your browser from ${sizes} before it was sent.`,
  };
}
