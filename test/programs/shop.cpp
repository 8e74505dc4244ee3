// shop.cpp: members through references and this, elements of strings and vectors, a deleted object.
#include <cstdio>
#include <string>
#include <vector>

class Counter {
public:
  void add(int by) {
    total += by; // MARK total
  }
  int total = 0;
};

struct Shop {
  Counter counter;
  std::string name = "a name that is too long for the short form";
  std::vector<int> prices = {1, 2, 3};
};

static void sell(Shop &shop, int &price) {
  std::puts("selling");   // MARK selling
  shop.counter.add(price); // MARK add
  price = 20;             // MARK price
  shop.name[2] = 'N';     // MARK name
}

int main() {
  auto *shop = new Shop;
  sell(*shop, shop->prices[1]);
  shop->counter.add(1);
  delete shop; // MARK delete
  return 0;
}
