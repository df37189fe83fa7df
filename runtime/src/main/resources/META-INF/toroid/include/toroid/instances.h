// Instances of a model: scratch memory for one run at a time, lent to calls.
#pragma once

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <toroid/abi.h>
#include <toroid/checks.h>
#include <toroid/pool.h>
#include <toroid/threads.h>

namespace toroid {

// Memory that grows when asked for more and is kept between runs; its contents are undefined after growing.
struct Block {
  void* data;
  int64_t bytes;

  void* reserve(int64_t wanted) {
    if (wanted <= bytes && data != nullptr) return data;
    free(data);
    data = allocate_aligned(wanted);
    bytes = data != nullptr ? wanted : 0;
    return data;
  }
};

struct alignas(64) Instance {
  int32_t busy;  // atomic
  Block workspace;
  Block* later;                          // for what depends on sizes that are known in mid-run
  int32_t later_count;
  Block* dense;                          // contiguous copies of strided inputs, by input
  AOTInductorArrayRefTensor* implied;    // the outputs that the inputs imply
};

// What is to be done with an instance.
struct Task {
  void (*run)(void* context, Instance* instance);  // null: whoever waits wants to hold the instance itself
  void* context;
};

enum WaiterState { kQueued, kRunning, kServed };

// What a waiter sleeps at. It outlives the wait, so that it can be rung with the mutex open: a thread that is woken sooner takes the
// core of its waker, only to wait for the mutex.
struct Bell {
  pthread_cond_t rung;
  Bell* next;

  void ring() { pthread_cond_broadcast(&rung); }
};

// A thread that waits in the order of coming, until it has an instance or its task has run.
struct Waiter {
  const Instance* wanted;  // null for any
  Task task;
  WaiterState state;
  Instance* given;
  int64_t since;
  Bell* bell;
  Waiter* next;
};

struct Instances;

// A thread that runs the tasks of waiters.
struct Executor {
  Instances* instances;
  Instance* lent;  // null while it has nothing to do
  pthread_cond_t called;
  pthread_t thread;
};

// Lends instances to threads. Taking a free one is a scan for a flag; a mutex is touched only when all are lent.
//
// Whoever comes when an instance is free may take it before those who wait and still have to wake up: short runs would otherwise
// cost a change of threads each. But nobody is passed over for longer than a while. When somebody has waited that long, the instance
// goes to an executor, which does what the waiters came for, in the order of coming, as long as there are any. Waking the next
// waiter at the end of each run would be simpler and leave cores idle: the system puts a woken thread to the core where it last ran,
// behind the run that is under way there, while the core of the waker falls asleep; a few milliseconds pass before it sorts that out.
struct Instances {
  static constexpr int64_t kPatienceNanoseconds = 1000000;

  int32_t count;
  Instance* all;
  Executor* executors;  // as many as there are instances, the first `started` of them with a thread
  int32_t started;
  bool closing;
  const ToroidPool* pool;  // may be null; runs are counted there
  pthread_mutex_t mutex;
  Waiter* first;
  Waiter** end;
  int32_t waiting;  // atomic
  Bell* bells;      // those that nobody sleeps at
  Bell common;      // for all who get none of their own

  Instance* try_take() {
    for (int32_t i = 0; i < count; i++)
      if (__atomic_load_n(&all[i].busy, __ATOMIC_RELAXED) == 0 && claim(&all[i])) return &all[i];
    return nullptr;
  }

  Instance* take() {
    Instance* instance = try_take();
    return instance != nullptr ? instance : wait_for(nullptr, {});
  }

  // One certain instance, for whoever needs all of them.
  void take_exactly(Instance* instance) {
    if (!claim(instance)) wait_for(instance, {});
  }

  // Returns when the task has run, on this thread or on an executor.
  void run(Task task) {
    Instance* instance = try_take();
    if (instance == nullptr) instance = wait_for(nullptr, task);
    if (instance == nullptr) return;
    {
      const PoolRun counted(pool);
      task.run(task.context, instance);
    }
    give_back(instance);
  }

  void give_back(Instance* instance) {
    if (__atomic_load_n(&waiting, __ATOMIC_SEQ_CST) != 0 && hand_over(instance)) return;
    __atomic_store_n(&instance->busy, 0, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&waiting, __ATOMIC_SEQ_CST) == 0) return;
    pthread_mutex_lock(&mutex);
    call_all();
    pthread_mutex_unlock(&mutex);
  }

  static bool claim(Instance* instance) { return __atomic_exchange_n(&instance->busy, 1, __ATOMIC_SEQ_CST) == 0; }

  static int64_t nanoseconds() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<int64_t>(now.tv_sec) * 1000000000 + now.tv_nsec;
  }

  // The instance, or null when the task is done. A waiter announces itself before its last look, and a returner looks for waiters
  // after its return, so neither can miss the other.
  Instance* wait_for(Instance* wanted, Task task) {
    Waiter self{wanted, task, kQueued, nullptr, nanoseconds(), nullptr, nullptr};
    pthread_mutex_lock(&mutex);
    self.bell = take_bell();
    __atomic_add_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
    *end = &self;
    end = &self.next;
    while (self.state != kServed) {
      Instance* found = self.state == kQueued ? last_look(wanted) : nullptr;
      if (found != nullptr)
        give(self, found);
      else
        pthread_cond_wait(&self.bell->rung, &mutex);
    }
    return_bell(self.bell);
    pthread_mutex_unlock(&mutex);
    return self.given;
  }

  Instance* last_look(Instance* wanted) {
    if (wanted != nullptr) return claim(wanted) ? wanted : nullptr;
    for (int32_t i = 0; i < count; i++)
      if (claim(&all[i])) return &all[i];
    return nullptr;
  }

  // To the first who waits for this instance or any, if that has waited long.
  bool hand_over(Instance* instance) {
    pthread_mutex_lock(&mutex);
    Waiter* waiter = next_due(instance);
    Executor* executor = waiter != nullptr && waiter->task.run != nullptr ? idle_executor() : nullptr;
    if (executor != nullptr) {
      executor->lent = instance;
      pthread_cond_signal(&executor->called);
    } else if (waiter != nullptr) {
      give(*waiter, instance);
    }
    pthread_mutex_unlock(&mutex);
    return waiter != nullptr;
  }

  // ---- with the mutex held ----------------------------------------------------------------------------------------------

  Waiter* next_due(const Instance* instance) const {
    Waiter* waiter = first;
    while (waiter != nullptr && waiter->wanted != nullptr && waiter->wanted != instance) waiter = waiter->next;
    return waiter != nullptr && nanoseconds() - waiter->since >= kPatienceNanoseconds ? waiter : nullptr;
  }

  void leave_queue(Waiter& waiter) {
    Waiter** link = &first;
    while (*link != &waiter) link = &(*link)->next;
    *link = waiter.next;
    if (end == &waiter.next) end = link;
    __atomic_sub_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
  }

  Bell* take_bell() {
    Bell* bell = bells;
    if (bell != nullptr) {
      bells = bell->next;
      return bell;
    }
    bell = static_cast<Bell*>(malloc(sizeof(Bell)));
    if (bell == nullptr) return &common;
    pthread_cond_init(&bell->rung, nullptr);
    return bell;
  }

  void return_bell(Bell* bell) {
    if (bell == &common) return;
    bell->next = bells;
    bells = bell;
  }

  // The waiter holds the instance itself.
  void give(Waiter& waiter, Instance* instance) {
    leave_queue(waiter);
    waiter.given = instance;
    waiter.state = kServed;
    waiter.bell->ring();
  }

  // Waiters may wait for different instances.
  void call_all() {
    for (Waiter* waiter = first; waiter != nullptr; waiter = waiter->next) waiter->bell->ring();
  }

  // Started when first needed. Null if all are at work or the system gives no thread.
  Executor* idle_executor() {
    for (int32_t i = 0; i < started; i++)
      if (executors[i].lent == nullptr) return &executors[i];
    if (started == count) return nullptr;
    Executor& next = executors[started];
    next.instances = this;
    pthread_cond_init(&next.called, nullptr);
    if (start_thread(&next.thread, execute, &next, "toroid-run", started) != 0) {
      pthread_cond_destroy(&next.called);
      return nullptr;
    }
    started++;
    return &next;
  }

  // Runs what waits for the lent instance, then returns it. The mutex is open during a run, and when whoever was served last is woken.
  void work_off(Instance* lent) {
    const PoolRun counted(pool);
    Bell* served = nullptr;
    Waiter* waiter = next_due(lent);
    for (; waiter != nullptr && waiter->task.run != nullptr; waiter = next_due(lent)) {
      leave_queue(*waiter);
      waiter->state = kRunning;
      pthread_mutex_unlock(&mutex);
      if (served != nullptr) served->ring();
      waiter->task.run(waiter->task.context, lent);
      pthread_mutex_lock(&mutex);
      waiter->state = kServed;
      served = waiter->bell;
    }
    if (served != nullptr) served->ring();
    if (waiter != nullptr) return give(*waiter, lent);
    __atomic_store_n(&lent->busy, 0, __ATOMIC_SEQ_CST);
    call_all();
  }

  // ---- opening and closing ----------------------------------------------------------------------------------------------

  static void* execute(void* argument) {
    Executor& self = *static_cast<Executor*>(argument);
    Instances& instances = *self.instances;
    pthread_mutex_lock(&instances.mutex);
    while (!instances.closing) {
      if (self.lent != nullptr) instances.work_off(self.lent);
      self.lent = nullptr;
      if (!instances.closing) pthread_cond_wait(&self.called, &instances.mutex);
    }
    pthread_mutex_unlock(&instances.mutex);
    return nullptr;
  }

  // False when memory is out; what was made is then freed by close.
  bool open(int32_t wanted, int32_t inputs, int32_t outputs, const ToroidPool* counter) {
    pool = counter;
    pthread_mutex_init(&mutex, nullptr);
    pthread_cond_init(&common.rung, nullptr);
    first = nullptr;
    end = &first;
    all = static_cast<Instance*>(allocate_aligned(static_cast<int64_t>(sizeof(Instance)) * wanted));
    executors = static_cast<Executor*>(calloc(static_cast<size_t>(wanted), sizeof(Executor)));
    if (all == nullptr || executors == nullptr) return false;
    memset(all, 0, sizeof(Instance) * static_cast<size_t>(wanted));
    count = wanted;
    for (int32_t i = 0; i < wanted; i++) {
      all[i].dense = static_cast<Block*>(calloc(static_cast<size_t>(inputs) + 1, sizeof(Block)));
      all[i].implied = static_cast<AOTInductorArrayRefTensor*>(calloc(static_cast<size_t>(outputs) + 1, sizeof(AOTInductorArrayRefTensor)));
      if (all[i].dense == nullptr || all[i].implied == nullptr) return false;
    }
    return true;
  }

  // Nobody holds an instance or waits for one.
  void close(int32_t inputs) {
    stop_executors();
    for (int32_t i = 0; i < count; i++) {
      free(all[i].workspace.data);
      for (int32_t j = 0; j < all[i].later_count; j++) free(all[i].later[j].data);
      free(all[i].later);
      for (int32_t j = 0; all[i].dense != nullptr && j < inputs; j++) free(all[i].dense[j].data);
      free(all[i].dense);
      free(all[i].implied);
    }
    free(all);
    free(executors);
    destroy_bells();
    pthread_mutex_destroy(&mutex);
  }

  void destroy_bells() {
    while (bells != nullptr) {
      Bell* bell = bells;
      bells = bell->next;
      pthread_cond_destroy(&bell->rung);
      free(bell);
    }
    pthread_cond_destroy(&common.rung);
  }

  void stop_executors() {
    pthread_mutex_lock(&mutex);
    closing = true;
    for (int32_t i = 0; i < started; i++) pthread_cond_signal(&executors[i].called);
    pthread_mutex_unlock(&mutex);
    for (int32_t i = 0; i < started; i++) {
      pthread_join(executors[i].thread, nullptr);
      pthread_cond_destroy(&executors[i].called);
    }
  }
};

}  // namespace toroid
