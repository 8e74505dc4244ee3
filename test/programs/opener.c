// opener.c: executes another program in its place (`opened.c`), which has variables of the same names elsewhere.
#include <unistd.h>

char room[1024];
int counter;
int mine;
int unrelated;

int main(int count, char **words) {
  counter = 1;
  mine = 1; // MARK mine
  counter = 2; // MARK before
  if (count > 1) execl(words[1], words[1], (char *)0); // MARK executes
  return 1;
}
