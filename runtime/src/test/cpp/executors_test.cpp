// Runs that had to wait: done by executors, in the order of coming, each once, and never more at a time than there are instances.
#include <toroid/instances.h>

#include "testing.h"

namespace {

using toroid::Instance;
using toroid::Instances;

#define EXPECT(condition) testing::expect(condition, #condition, __LINE__)

void nap() {
  const timespec two_milliseconds{0, 2000000};  // longer than a waiter's patience
  nanosleep(&two_milliseconds, nullptr);
}

// What served whom, in the order of serving; guarded by the one instance.
struct Log {
  Instances instances = {};
  int served = 0;
  int order[8] = {};
  pthread_t threads[8] = {};

  void add(int number) {
    order[served] = number;
    threads[served++] = pthread_self();
  }
};

enum Wish { kRun, kAny, kCertain };

struct Caller {
  Log* log;
  int number;
  Wish wish;
  Instance* certain;
  pthread_t thread;
};

void note(void* context, Instance*) {
  const Caller& caller = *static_cast<Caller*>(context);
  caller.log->add(caller.number);
}

void* call(void* argument) {
  Caller& caller = *static_cast<Caller*>(argument);
  Instances& instances = caller.log->instances;
  if (caller.wish == kRun) {
    instances.run({note, &caller});
    return nullptr;
  }
  Instance* taken = caller.certain;
  if (caller.wish == kCertain)
    instances.take_exactly(taken);
  else
    taken = instances.take();
  note(&caller, taken);
  instances.give_back(taken);
  return nullptr;
}

// The callers come one after the other while the only instance is lent, and are served when it is returned.
template <size_t N>
void serve(Log& log, Caller (&callers)[N]) {
  Instance* only = log.instances.take();
  for (size_t i = 0; i < N; i++) {
    pthread_create(&callers[i].thread, nullptr, call, &callers[i]);
    while (__atomic_load_n(&log.instances.waiting, __ATOMIC_SEQ_CST) <= static_cast<int>(i)) nap();
  }
  nap();
  log.instances.give_back(only);
  for (Caller& caller : callers) pthread_join(caller.thread, nullptr);
  while (__atomic_load_n(&only->busy, __ATOMIC_SEQ_CST) != 0) nap();
  EXPECT(log.instances.waiting == 0 && log.instances.first == nullptr);
}

bool is_caller(const Log& log, int position, const Caller& caller) { return pthread_equal(log.threads[position], caller.thread) != 0; }

void runs_of_waiters_are_done_by_an_executor_in_the_order_of_coming() {
  Log log;
  EXPECT(log.instances.open(1, 0, 0, nullptr));
  Caller callers[] = {{&log, 0, kRun, nullptr, {}}, {&log, 1, kRun, nullptr, {}}, {&log, 2, kRun, nullptr, {}}, {&log, 3, kRun, nullptr, {}}};
  serve(log, callers);
  EXPECT(log.served == 4 && log.instances.started == 1);
  for (int i = 0; i < 4; i++) {
    EXPECT(log.order[i] == i);
    EXPECT(!is_caller(log, i, callers[i]) && pthread_equal(log.threads[i], log.instances.executors[0].thread));
  }
  log.instances.close(0);
}

void an_executor_is_used_again() {
  Log log;
  EXPECT(log.instances.open(1, 0, 0, nullptr));
  for (int round = 0; round < 3; round++) {
    Caller callers[] = {{&log, 0, kRun, nullptr, {}}, {&log, 1, kRun, nullptr, {}}};
    serve(log, callers);
  }
  EXPECT(log.served == 6 && log.instances.started == 1);
  for (int i = 0; i < 6; i++) EXPECT(pthread_equal(log.threads[i], log.instances.executors[0].thread));
  log.instances.close(0);
}

// Whoever wants to hold the instance gets it from the executor, and the next run goes on after that.
void holders_keep_their_place_between_runs() {
  Log log;
  EXPECT(log.instances.open(1, 0, 0, nullptr));
  Instance* only = log.instances.all;
  Caller callers[] = {
      {&log, 0, kRun, nullptr, {}}, {&log, 1, kAny, nullptr, {}}, {&log, 2, kRun, nullptr, {}}, {&log, 3, kCertain, only, {}}, {&log, 4, kRun, nullptr, {}}};
  serve(log, callers);
  EXPECT(log.served == 5);
  for (int i = 0; i < 5; i++) EXPECT(log.order[i] == i);
  EXPECT(is_caller(log, 1, callers[1]) && is_caller(log, 3, callers[3]));
  EXPECT(!is_caller(log, 2, callers[2]) && !is_caller(log, 4, callers[4]));
  log.instances.close(0);
}

void nobody_who_finds_an_instance_needs_an_executor() {
  Log log;
  EXPECT(log.instances.open(1, 0, 0, nullptr));
  Caller caller{&log, 7, kRun, nullptr, pthread_self()};
  call(&caller);
  EXPECT(log.served == 1 && log.order[0] == 7 && is_caller(log, 0, caller) && log.instances.started == 0);
  log.instances.close(0);
}

// Eight callers, three instances, runs of very different length.
struct Crowd {
  Instances instances = {};
  int running = 0;
  int most = 0;
  int runs = 0;
};

struct Member {
  Crowd* crowd;
  int number;
  int runs;
};

void work(void* context, Instance* instance) {
  Member& member = *static_cast<Member*>(context);
  Crowd& crowd = *member.crowd;
  const int running = __atomic_add_fetch(&crowd.running, 1, __ATOMIC_SEQ_CST);
  for (int most = __atomic_load_n(&crowd.most, __ATOMIC_SEQ_CST); most < running;)
    if (__atomic_compare_exchange_n(&crowd.most, &most, running, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) break;
  static_cast<char*>(instance->workspace.reserve(64))[member.number] = 1;  // a race if two had the same instance
  const timespec pause{0, 1000 * ((member.runs * 7 + member.number * 13) % 900)};
  nanosleep(&pause, nullptr);
  member.runs++;
  __atomic_add_fetch(&crowd.runs, 1, __ATOMIC_SEQ_CST);
  __atomic_sub_fetch(&crowd.running, 1, __ATOMIC_SEQ_CST);
}

void* work_often(void* argument) {
  Member& member = *static_cast<Member*>(argument);
  for (int i = 0; i < 100; i++) {
    const int before = member.runs;
    member.crowd->instances.run({work, &member});
    if (member.runs != before + 1) return argument;
  }
  return nullptr;
}

void a_crowd_is_served() {
  Crowd crowd;
  EXPECT(crowd.instances.open(3, 0, 0, nullptr));
  Member members[8];
  pthread_t threads[8];
  for (int i = 0; i < 8; i++) {
    members[i] = {&crowd, i, 0};
    pthread_create(&threads[i], nullptr, work_often, &members[i]);
  }
  for (pthread_t thread : threads) {
    void* wrong = nullptr;
    pthread_join(thread, &wrong);
    EXPECT(wrong == nullptr);
  }
  EXPECT(crowd.runs == 800 && crowd.running == 0 && crowd.most == 3);
  EXPECT(crowd.instances.started >= 1 && crowd.instances.started <= 3);
  crowd.instances.close(0);
}

}  // namespace

int main() {
  runs_of_waiters_are_done_by_an_executor_in_the_order_of_coming();
  an_executor_is_used_again();
  holders_keep_their_place_between_runs();
  nobody_who_finds_an_instance_needs_an_executor();
  a_crowd_is_served();
  return testing::finish();
}
