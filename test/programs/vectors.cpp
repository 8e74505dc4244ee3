// vectors.cpp: a vector and a smart pointer that hold nothing at first.

#include <memory>
#include <vector>

std::vector<int> numbers;
std::shared_ptr<int> owner;

int main() {
  numbers = {1, 2, 3};             // MARK start
  numbers[1] = 20;                 // MARK element
  owner = std::make_shared<int>(4);
  *owner = 5;                      // MARK owned
  numbers.push_back(7);
  numbers[1] = 21;                 // MARK moved
  return 0;
}
