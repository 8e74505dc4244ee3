/* sort.c: quicksort with insertion sort below 16, on pseudo-random numbers. */
#include "kernel.h"
static int numbers[20000];
static void sort(int *a, int low, int high) {
  while (high - low > 16) {
    int pivot = a[(low + high) / 2], i = low, j = high;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i <= j) {
        int t = a[i];
        a[i++] = a[j];
        a[j--] = t;
      }
    }
    sort(a, low, j);
    low = i;
  }
  for (int i = low + 1; i <= high; i++) {
    int v = a[i], j = i;
    for (; j > low && a[j - 1] > v; j--) a[j] = a[j - 1];
    a[j] = v;
  }
}
static unsigned long kernel(long rounds) {
  unsigned long sum = 0;
  unsigned seed = 1;
  for (long r = 0; r < rounds; r++) {
    for (int i = 0; i < 20000; i++) numbers[i] = (int)((seed = seed * 1103515245 + 12345) >> 8);
    sort(numbers, 0, 19999);
    sum += (unsigned)numbers[(r * 37) % 20000];
  }
  return sum;
}
