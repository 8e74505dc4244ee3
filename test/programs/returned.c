// returned.c: functions that give values back, each in another way.
enum mood { CALM = 3, WILD = -4 };
struct pair { int x, y; };
struct mixed { float share; int count; double whole; };
struct halves { double low, high; };
struct odd { char name[3]; short rest[5]; };
struct swapped { double first; long second; };
struct wide { int all[6]; double last; };
union word { int number; float share; };

static int numbers[4] = {1, 2, 3, 4};

signed char small(void) { return -5; }
int plain(int n) { return n * 2; }
unsigned long large(void) { return 18000000000000000000ul; }
_Bool truth(void) { return 1; }
enum mood moody(void) { return WILD; }
int *pointing(void) { return numbers + 1; }
float narrow(void) { return 1.5f; }
double precise(void) { return -0.125; }
__int128 huge(void) { return ((__int128)5 << 64) + 7; }
struct pair paired(void) { return (struct pair){4, -9}; }
struct mixed blended(void) { return (struct mixed){2.5f, 77, 0.75}; }
struct halves halved(void) { return (struct halves){1.25, 6.5}; }
struct odd uneven(void) { return (struct odd){"ab", {1, 2, 3, 4, 5}}; }
struct swapped crossed(void) { return (struct swapped){3.5, -8}; }
struct wide broad(void) { return (struct wide){{1, 2, 3, 4, 5, 6}, 9.5}; }
union word either(void) { return (union word){1075838976}; }
long double longest(void) { return 2.5L; }
void nothing(void) { numbers[0]++; }

int main(void) {
  small(), plain(21), large(), truth(), moody(), pointing(), narrow(), precise(), huge(), paired(), blended(), halved();
  uneven(), crossed(), broad(), either(), longest(), nothing();
  return 0;
}
