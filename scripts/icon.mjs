// Draws media/icon.png: two bars of time that should agree and do not, over a pit. `node scripts/icon.mjs` writes it anew, byte for byte the same.

import { writeFileSync } from "node:fs";
import * as zlib from "node:zlib";

const size = 128;
/** Samples in each direction of one pixel: smooth edges. */
const samples = 4;

/** Shapes from back to front: a colour and whether a point (0..128) is inside. */
const shapes = [
  [[0x12, 0x24, 0x38], (x, y) => rounded(x, y, 4, 4, 120, 120, 26)],
  [[0x2d, 0xc5, 0xa5], (x, y) => rounded(x, y, 22, 32, 84, 14, 7)],
  [[0xff, 0x9f, 0x43], (x, y) => rounded(x, y, 22, 56, 46, 14, 7)],
  [[0xe8, 0xee, 0xf4], (x, y) => y >= 84 && y <= 104 && Math.abs(x - 64) <= 44 && !(Math.abs(x - 64) < 22 - (y - 84))],
];

function rounded(x, y, left, top, width, height, radius) {
  const dx = Math.max(left + radius - x, x - (left + width - radius), 0);
  const dy = Math.max(top + radius - y, y - (top + height - radius), 0);
  return dx * dx + dy * dy <= radius * radius;
}

function pixel(column, row) {
  const sum = [0, 0, 0, 0];
  for (let i = 0; i < samples; i++)
    for (let j = 0; j < samples; j++) {
      const hit = shapes.findLast(([, inside]) => inside(column + (i + 0.5) / samples, row + (j + 0.5) / samples));
      if (hit) [...hit[0], 255].forEach((part, index) => (sum[index] += part));
    }
  const covered = sum[3] / 255;
  return covered ? [sum[0] / covered, sum[1] / covered, sum[2] / covered, sum[3] / samples ** 2].map(Math.round) : [0, 0, 0, 0];
}

function chunk(type, content) {
  const body = Buffer.concat([Buffer.from(type), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(checksum(body), body.length + 4);
  return framed;
}

/** CRC-32 as PNG wants it: https://www.w3.org/TR/png-3/#D-CRCAppendix */
function checksum(bytes) {
  if (zlib.crc32) return zlib.crc32(bytes);
  let sum = ~0;
  for (const byte of bytes) for (let bit = 0, next = byte; bit < 8; bit++, next >>>= 1) sum = (sum >>> 1) ^ ((sum ^ next) & 1 ? 0xedb88320 : 0);
  return ~sum >>> 0;
}

const header = Buffer.from([0, 0, 0, size, 0, 0, 0, size, 8, 6, 0, 0, 0]);
const rows = Buffer.concat(Array.from({ length: size }, (_, row) => Buffer.from([0, ...Array.from({ length: size }, (_, column) => pixel(column, row)).flat()])));
writeFileSync("media/icon.png", Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", header), chunk("IDAT", zlib.deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]));
