// padded.cpp: a class whose derived class uses its padding, and a string that its library appends to.

#include <string>

class Base {
public:
  virtual ~Base() = default;
  int own = 1;
};

struct Derived : Base {
  int extra = 2;
};

int main() {
  Derived whole;
  std::string word = "a";
  word.reserve(99); // MARK start
  whole.extra = 3;
  word += "c";
  return whole.own - 1;
}
