// sockets.c: pairs, UNIX sockets, TCP and UDP on loopback, descriptors that travel, ends and errors.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char text[256];

static const char *taken(ssize_t count) {
  text[count < 0 ? 0 : count] = 0;
  return count < 0 ? strerror(errno) : text;
}

static void pairs(void) {
  int pair[2];
  printf("socketpair %d\n", socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  printf("write %zd", write(pair[0], "hello ", 6));
  printf(" %zd\n", send(pair[0], "world", 5, 0));
  int pending = 0;
  ioctl(pair[1], FIONREAD, &pending);
  printf("pending %d, ", pending);
  printf("peek %s, ", taken(recv(pair[1], text, 8, MSG_PEEK)));
  printf("read %s\n", taken(read(pair[1], text, 255)));
  printf("would block: %s\n", taken(recv(pair[1], text, 8, MSG_DONTWAIT)));
  struct pollfd wish = {pair[1], POLLIN | POLLOUT | POLLRDHUP, 0};
  printf("poll %d ", poll(&wish, 1, 0));
  printf("%x\n", wish.revents);
  printf("shutdown %d, ", shutdown(pair[0], SHUT_WR));
  printf("end %zd, ", read(pair[1], text, 8));
  printf("poll %d ", poll(&wish, 1, 0));
  printf("%x\n", wish.revents);
  printf("the other way %zd ", write(pair[1], "back", 4));
  printf("%s\n", taken(read(pair[0], text, 8)));
  close(pair[0]);
  signal(SIGPIPE, SIG_IGN);
  printf("nobody reads: %zd ", send(pair[1], "x", 1, 0));
  printf("%s\n", strerror(errno));
  printf("poll %d ", poll(&wish, 1, 0));
  printf("%x\n", wish.revents);
  close(pair[1]);
}

static void messages(void) {
  int pair[2];
  socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
  send(pair[0], "first message", 13, 0);
  send(pair[0], "second", 6, 0);
  printf("cut: %s", taken(recv(pair[1], text, 5, 0)));
  printf(", %zd of the next", recv(pair[1], text, 2, MSG_TRUNC | MSG_PEEK));
  printf(", whole: %s\n", taken(recv(pair[1], text, 255, 0)));
  close(pair[0]);
  close(pair[1]);
}

static void descriptors(void) {
  int pair[2], ends[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  pipe(ends);
  char control[CMSG_SPACE(sizeof(int))];
  struct iovec part = {"fd", 2};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  *head = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
  memcpy(CMSG_DATA(head), &ends[1], sizeof(int));
  printf("sendmsg %zd\n", sendmsg(pair[0], &message, 0));
  close(ends[1]);
  fflush(stdout);
  if (fork() == 0) {
    struct iovec into = {text, 255};
    struct msghdr got = {.msg_iov = &into, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    printf("recvmsg %zd, ", recvmsg(pair[1], &got, 0));
    int fd;
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&got)), sizeof fd);
    printf("control %zu flags %x\n", got.msg_controllen, got.msg_flags);
    write(fd, "through the child", 17);
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
  close(pair[0]);
  close(pair[1]);
  printf("%s\n", taken(read(ends[0], text, 255)));
  printf("and its end %zd\n", read(ends[0], text, 255));
  close(ends[0]);
}

static void *serve(void *argument) {
  int listener = *(int *)argument;
  int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  char buffer[64];
  for (ssize_t count; (count = recv(client, buffer, sizeof buffer, 0)) > 0;) {
    for (ssize_t i = 0; i < count; i++) buffer[i] ^= 32;
    send(client, buffer, count, MSG_NOSIGNAL);
  }
  close(client);
  return NULL;
}

static void talk(int listener, const struct sockaddr *address, socklen_t length, int family) {
  pthread_t thread;
  pthread_create(&thread, NULL, serve, &listener);
  int client = socket(family, SOCK_STREAM, 0);
  printf("connect %d, ", connect(client, address, length));
  send(client, "Hello Server", 12, 0);
  printf("%s, ", taken(recv(client, text, 12, MSG_WAITALL)));
  printf("again: %d ", connect(client, address, length));
  printf("%s\n", strerror(errno));
  close(client);
  pthread_join(thread, NULL);
}

static void streams(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  printf("setsockopt %d, ", setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
  printf("nodelay %d, ", setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
  printf("bind %d, ", bind(listener, (void *)&address, sizeof address));
  printf("listen %d\n", listen(listener, 4));
  socklen_t length = sizeof address;
  getsockname(listener, (void *)&address, &length);
  printf("length %u, port %s\n", length, address.sin_port == 0 ? "none" : "given");
  int second = socket(AF_INET, SOCK_STREAM, 0);
  printf("taken: %d ", bind(second, (void *)&address, sizeof address));
  printf("%s\n", strerror(errno));
  printf("not connected: %zd ", send(second, "x", 1, MSG_NOSIGNAL));
  printf("%s\n", strerror(errno));
  talk(listener, (void *)&address, sizeof address, AF_INET);
  fcntl(listener, F_SETFL, O_NONBLOCK);
  printf("nobody waits: %d ", accept(listener, NULL, NULL));
  printf("%s\n", strerror(errno));
  close(listener);
  printf("refused: %d ", connect(second, (void *)&address, sizeof address));
  printf("%s\n", strerror(errno));
  int type = 0, accepts = 0;
  length = sizeof type;
  getsockopt(second, SOL_SOCKET, SO_TYPE, &type, &length);
  getsockopt(second, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &length);
  printf("type %d, listens %d\n", type, accepts);
  close(second);
}

static void datagrams(void) {
  int one = socket(AF_INET, SOCK_DGRAM, 0), two = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}}, from, own;
  socklen_t length = sizeof address;
  bind(one, (void *)&address, sizeof address);
  getsockname(one, (void *)&address, &length);
  printf("sendto %zd, ", sendto(two, "datagram", 8, 0, (void *)&address, sizeof address));
  length = sizeof from;
  printf("%s from ", taken(recvfrom(one, text, 255, 0, (void *)&from, &length)));
  length = sizeof own;
  getsockname(two, (void *)&own, &length);
  printf("%s %s\n", inet_ntoa(from.sin_addr), from.sin_port == own.sin_port ? "the sender" : "another");
  struct timeval patience = {0, 20000};
  setsockopt(one, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  printf("nothing in time: %s\n", taken(recv(one, text, 8, 0)));
  close(one);
  close(two);
}

static void names(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strcpy(address.sun_path + 1, "trapline-test");
  socklen_t length = sizeof(sa_family_t) + 14;
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  printf("abstract: bind %d, ", bind(listener, (void *)&address, length));
  printf("listen %d\n", listen(listener, 1));
  talk(listener, (void *)&address, length, AF_UNIX);
  close(listener);
  strcpy(address.sun_path, "/tmp/no-such-socket");
  int client = socket(AF_UNIX, SOCK_STREAM, 0);
  printf("missing: %d ", connect(client, (void *)&address, sizeof address));
  printf("%s\n", strerror(errno));
  close(client);
  int file = open("/dev/null", O_RDONLY);
  printf("no socket: %d ", listen(file, 1));
  printf("%s\n", strerror(errno));
  printf("no family: %d ", socket(99, SOCK_STREAM, 0));
  printf("%s\n", strerror(errno));
}

int main(void) {
  pairs();
  messages();
  descriptors();
  streams();
  datagrams();
  names();
  return 0;
}
