// kinds.cpp: references, base classes of templates, an anonymous namespace, members without `this->`.
#include <cstdio>

namespace {
int hidden = 2;
}

namespace shop {
namespace {
int within = 7;
}
} // namespace shop

template <typename T> struct Base {
  T held = 1;
};

struct Derived : Base<int> {
  int own = 3;
  int &link;
  explicit Derived(int &to) : link(to) {}
  void grow() {
    own++; // MARK grow
  }
};

int target = 10;
int &alias = target;
Derived whole(target);

static void raise(int &by) {
  by += 5; // MARK raise
}

int main() {
  std::puts("kinds");  // MARK start
  alias = 11;          // MARK alias
  raise(target);       // calls
  whole.link = 30;     // MARK link
  whole.held = 4;      // MARK held
  hidden = 5;          // MARK hidden
  shop::within = 8;    // MARK within
  whole.grow();        // calls
  whole.own = 9;       // MARK own
  return target == 30 ? 0 : 1;
}
