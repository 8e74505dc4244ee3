// twin.c: a static function of a name that twins.c has, too, with a wider local.

static long twin(long n) {
  long mine = n; // MARK twin
  mine += 2;
  mine += 3;
  return mine;
}

int other_twin(int n) {
  return (int)twin(n);
}
