// greeter-library.c: a shared library with a variable and a function.
int greetings = 1;

int greet(int times) {
  greetings += times; // MARK greet
  return greetings;
}
