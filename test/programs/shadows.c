// shadows.c: locals of one name in several blocks, and one that hides the function's own.
int seen;

static int mixed(int depth) {
  int n = depth;
  {
    int n = 7; // MARK inner
    seen += n;
    n = 8;
  }
  n++; // MARK outer
  for (int i = 0; i < 2; i++) seen += i; // MARK first
  for (long i = 0; i < 5; i++) // MARK second
    seen += (int)i;
  return n;
}

static int begins(void) {
  {
    int n = 1; // MARK begins
    seen += n;
  }
  int n = 2;
  n += 3;
  return n;
}

static int line(int n) { int sum = 0; for (int k = 0; k < n; k++) { int one = k; sum += one; } return sum; }

int main(void) {
  seen += line(4);
  return mixed(1) + begins() == 7 ? 0 : 1;
}
