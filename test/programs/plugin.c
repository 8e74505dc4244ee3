// plugin.c: a library that a program loads and unloads again.
int plugin_count = 1;
static int started;
int *plugin_pointer = &plugin_count;
__thread int plugin_own = 2;

__attribute__((constructor)) static void start(void) { started = 1; } // MARK start

void plugin_run(int by) {
  plugin_count += by; // MARK run
  plugin_own += started;
}
