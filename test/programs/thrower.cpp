// thrower.cpp: a local's frame is left by an exception, and another call takes its place.
#include <cstdio>
#include <stdexcept>

static void fail(int code) {
  int mine = code; // MARK fail
  mine++;          // MARK mine
  if (code == 1)
    throw std::runtime_error("one"); // MARK throw
  std::printf("%d\n", mine);
}

static int fill() {
  volatile int room[64];
  for (int i = 0; i < 64; i++)
    room[i] = i;
  return room[63];
}

int main() {
  try {
    fail(1);
  } catch (const std::exception &error) {
    std::printf("caught %s\n", error.what()); // MARK caught
  }
  return fill() == 63 ? 0 : 1;
}
