// shapes.cpp: what C++ adds: namespaces, classes, bases, references, templates, lambdas.
#include <cstdio>
#include <string>
#include <vector>

namespace geometry {
enum class Kind : unsigned char { round = 1, square };
struct Point {
  double x, y;
};
class Shape {
public:
  explicit Shape(int id) : id_(id) { ++alive; }
  virtual ~Shape() { --alive; }
  virtual double area() const = 0;
  int id() const { return id_; }
  static int alive;

protected:
  int id_;
  Kind kind_ = Kind::round;
};
int Shape::alive = 0;

class Circle : public Shape {
public:
  Circle(int id, Point center, double radius) : Shape(id), center_(center), radius_(radius) {}
  double area() const override;

private:
  Point center_;
  double radius_;
};

double Circle::area() const {
  double square = radius_ * radius_;
  return square * 3.0;
}

namespace detail {
long hidden = 5;
}
} // namespace geometry

namespace {
int anonymous_counter = 3;
}

template <class T> __attribute__((noinline)) T twice(const T &value) {
  T result = value + value;
  return result;
}

__attribute__((noinline)) static void grow(std::vector<int> &numbers, int &&extra, geometry::Point *const point) {
  numbers.push_back(extra);
  point->x += static_cast<double>(numbers.size());
}

int main(int argc, char **) {
  geometry::Point origin{1.5, 2.5};
  geometry::Circle circle(argc, origin, 2.0);
  const geometry::Shape &shape = circle;
  std::vector<int> numbers{1, 2, 3};
  std::string name = "circle";
  auto add = [&numbers, argc](int more) { return static_cast<int>(numbers.size()) + more + argc; };
  grow(numbers, argc + 4, &origin);
  anonymous_counter += add(5);
  geometry::detail::hidden += twice(7) + static_cast<long>(twice(2.5));
  std::printf("%f %d %s %ld\n", shape.area(), shape.id(), name.c_str(), geometry::detail::hidden);
  return anonymous_counter == 0;
}
