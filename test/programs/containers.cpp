// containers.cpp: bits, maps by text, callables, pointers to members, spans: what has no plain layout.

#include <any>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

struct Shape {
  int width = 1;
  int height = 2;
  int scaled(int by) { return width * by; }
  virtual int area() { return width * height; }
};

int twice(int x) { return 2 * x; }

std::vector<bool> bits{true, false, true};
std::map<std::string, int> scores{{"anna", 1}, {"bert", 2}};
std::unordered_map<std::string, int> counts{{"x", 1}};
std::function<int(int)> calls = twice, nothing;
std::any empty;
int Shape::*side = &Shape::height, Shape::*none = nullptr;
int (Shape::*scale)(int) = &Shape::scaled;
int (Shape::*dispatched)() = &Shape::area;
int raw[4] = {1, 2, 3, 4};
std::span<int, 4> fixed(raw);
std::span<int> open(raw, 3);
const int grid[2][3] = {{1, 2, 3}, {4, 5, 6}};

int main() {
  raw[0] = 1;          // MARK start
  scores["anna"] = 5;  // MARK anna
  bits[1] = true;      // MARK bit
  scores["carl"] = 3;
  scores["anna"] = 6;  // MARK again
  Shape shape;
  return (shape.*scale)(2) + (shape.*dispatched)() + shape.*side + calls(0) + fixed[0] + open[0] + grid[0][0] - 9;
}
