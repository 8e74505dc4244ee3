// blocks.c: locals of inner blocks, in calls of calls.
int written;

static int fill(int depth) {
  int total = 0;
  for (int i = 0; i < depth; i++) {
    int twice = 2 * i; // MARK twice
    total += twice;
  }
  if (depth > 1) total += fill(depth - 1);
  return total; // MARK total
}

int main(void) {
  written = fill(3);
  return written == 8 ? 0 : 1;
}
