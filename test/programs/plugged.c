// plugged.c: loads a library three times, and unloads it each time.
#include <dlfcn.h>
#include <stdio.h>

int plugin_counts; // a name like one of the library's

int main(int argc, char **argv) {
  for (int i = 0; argc > 1 && i < 3; i++) {
    void *library = dlopen(argv[1], RTLD_NOW);
    if (library == 0) return 1;
    void (*run)(int) = (void (*)(int))dlsym(library, "plugin_run");
    run(i + 1);
    dlclose(library); // MARK close
    plugin_counts++;  // MARK closed
  }
  return 0;
}
