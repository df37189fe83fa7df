// How many floating-point operations a second some threads do together if they do nothing but multiply and add in registers.
#include <barrier>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#else
constexpr int kLanes = 8;
#endif
constexpr int kChains = 10;  // enough to hide the latency of an addition
constexpr int kSteps = 20000;
constexpr double kSeconds = 0.3;

typedef float Vector __attribute__((vector_size(kLanes * sizeof(float))));

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double operations_per_second() {
  double best = 0;
  for (const double end = seconds() + kSeconds; seconds() < end;) {
    float factors[2] = {0.5F, 1.0F};
    __asm__ __volatile__("" : "+m"(factors));  // not known to the compiler
    const Vector a = factors[0] - Vector{}, b = factors[1] - Vector{};
    Vector sums[kChains];
    for (Vector& sum : sums) sum = b;
    const double start = seconds();
    for (int step = 0; step < kSteps; ++step) {
      for (Vector& sum : sums) sum = sum * a + b;
    }
    __asm__ __volatile__("" : : "m"(sums) : "memory");
    const double rate = 2.0 * kLanes * kChains * kSteps / (seconds() - start);
    if (rate > best) best = rate;
  }
  return best;
}

}  // namespace

int main(int, char** arguments) {
  const int threads = std::atoi(arguments[1]);
  std::barrier together(threads);
  std::vector<double> rates(static_cast<size_t>(threads));
  std::vector<std::thread> workers;
  for (double& rate : rates) {
    workers.emplace_back([&] {
      together.arrive_and_wait();
      rate = operations_per_second();
    });
  }
  double sum = 0;
  for (std::thread& worker : workers) worker.join();
  for (const double rate : rates) sum += rate;
  std::printf("%.0f\n", sum);
}
