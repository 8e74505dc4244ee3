/* crc.c: CRC-32 by table. */
#include "kernel.h"
static unsigned table[256];
static unsigned char data[65536];
static unsigned long kernel(long rounds) {
  for (unsigned i = 0; i < 256; i++) {
    unsigned c = i;
    for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
    table[i] = c;
  }
  for (int i = 0; i < 65536; i++) data[i] = (unsigned char)(i * 7 + (i >> 8));
  unsigned crc = 0xffffffffu;
  for (long r = 0; r < rounds; r++)
    for (int i = 0; i < 65536; i++) crc = table[(crc ^ data[i]) & 255] ^ (crc >> 8);
  return crc;
}
