// members.cpp: a method that writes a global, with members by their names alone and references at hand.

struct Gauge {
  short unused;
  int level;
  unsigned low : 3, high : 9;
  double ratio;
  void write(Gauge &other, const int &limit);
};

int value;

void Gauge::write(Gauge &other, const int &limit) {
  value = level + other.level + limit; // MARK write
}

Gauge gauges[2] = {{0, 1, 2, 3, 0.5}, {0, 4, 5, 6, 1.5}};

int main() {
  int limit = 7;
  for (int i = 0; i < 10; i++) {
    gauges[0].level = i;
    gauges[0].write(gauges[1], limit);
  }
  return 0;
}
