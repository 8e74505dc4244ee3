// library.cpp: variables of C++'s standard library, and a struct that is too long to be shown whole.

#include <atomic>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

struct Item {
  int id;
  int price;
};

struct Base {
  virtual ~Base() = default;
  int own = 1;
};

struct Derived : Base {
  int more = 2;
};

struct Order {
  long numbers[3];
  Item item;
};

Order order;

int main() {
  std::string word = "hello", sentence = "a sentence that is longer than what fits";
  std::vector<int> numbers{1, 2, 3, 4};
  std::vector<std::string> words{"one", "two"};
  std::map<int, std::string> names{{1, "one"}, {7, "seven"}};
  std::unordered_map<std::string, int> counts{{"key", 7}};
  std::set<int> sorted{5, 6, 4};
  std::list<int> chain{8, 9};
  std::deque<int> both{3, 4, 5};
  std::unique_ptr<Item> sole(new Item{4, 5});
  std::shared_ptr<Base> shared = std::make_shared<Derived>();
  std::unique_ptr<Item> empty;
  std::optional<int> some{4}, none;
  std::variant<int, double> either{2.5};
  std::tuple<int, char> pair{1, 'x'};
  std::atomic<int> atom{9};
  order.item.price = 0; // MARK start
  order.item.price = 5; // MARK price
  order.numbers[0] = 1;
  numbers[1] = 20;   // MARK element
  names[7][0] = 'S'; // MARK name
  sole->price = 6;   // MARK sole
  shared->own = 3;   // MARK shared
  numbers.push_back(5);
  return numbers[1] + atom - 29;
}
