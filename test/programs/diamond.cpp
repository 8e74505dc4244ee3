// Virtual bases: where their members lie is for each object to say.

struct Base {
  int shared = 1;
  virtual ~Base() {}
};
struct Left : virtual Base {
  int left = 2;
  void raise() {
    shared += 10; // MARK raise
  }
};
struct Right : virtual Base {
  int right = 3;
};
struct Both : Left, Right {
  int own = 4;
};

Both whole;
Left alone;
Left *some = &whole;
alignas(Both) char room[sizeof(Both)];

int main() {
  whole.own = 5; // MARK start
  some->raise();
  alone.raise();
  whole.Right::shared = 7; // MARK right
  return 0;
}
