/* divide.c: 64-bit products, quotients, greatest common divisors, powers modulo. */
#include "kernel.h"
typedef unsigned long u64;
static u64 gcd(u64 a, u64 b) { while (b) { u64 t = a % b; a = b; b = t; } return a; }
static u64 high(u64 a, u64 b) { return (u64)(((unsigned __int128)a * b) >> 64); }
static u64 power(u64 base, u64 exponent, u64 modulus) {
  u64 result = 1;
  for (base %= modulus; exponent; exponent >>= 1, base = base * base % modulus)
    if (exponent & 1) result = result * base % modulus;
  return result;
}
static unsigned long kernel(long rounds) {
  u64 sum = 0, seed = 88172645463325252ul;
  for (long r = 0; r < rounds; r++) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    sum += gcd(seed, seed >> 21 | 1) + high(seed, sum | 5) + power(seed, 65537, 4294967291ul) + (u64)((long)seed / 1000);
  }
  return sum;
}
