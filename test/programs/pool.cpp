// pool.cpp: a class whose members are called as the allocator's functions are.

struct Pool {
  int used = 1;
  void free(int count) { used -= count; } // MARK free
  void *realloc(int count) {
    used = count; // MARK realloc
    return this;
  }
};

int main() {
  Pool *pool = new Pool;
  pool->used = 5;  // MARK start
  pool->free(2);
  pool->realloc(9);
  pool->used = 10; // MARK last
  delete pool;     // MARK delete
  return 0;
}
