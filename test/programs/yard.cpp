// yard.cpp: variables of namespaces and classes.
namespace yard {
struct Item {
  static int made;
  int weight;
};
int Item::made = 1;
Item first;
namespace {
int hidden;
}
}  // namespace yard

int main() {
  yard::hidden = yard::Item::made++;
  return yard::first.weight;
}
