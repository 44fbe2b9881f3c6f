#include "execute.h"
#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <pthread.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>
#include "memory.h"

#if defined(__ELF__)
extern "C" {
extern char __start_emulated_shared[] __attribute__((weak, visibility("hidden")));
extern char __stop_emulated_shared[] __attribute__((weak, visibility("hidden")));
}
#endif

namespace emulator {

Index thread, block, blockSize, gridSize;

namespace {

std::map<std::string, Entry>& entries() {
  static auto* map = new std::map<std::string, Entry>();
  return *map;
}

std::string& failureText() {
  static auto* text = new std::string();
  return *text;
}

enum class State { ready, atBlockBarrier, atWarpBarrier, ended };

struct Fiber {
  ucontext_t begin;
  jmp_buf at;
  char* stack;
  bool begun;
  State state;
  unsigned mask;
  bool predicate;
};

constexpr size_t stackBytes = 1 << 18;
constexpr unsigned mostThreads = 1024;

pthread_t executor;
bool executing = false;
sigjmp_buf escape;
volatile int fault;
void* volatile faultAddress;
const char* volatile faultReason;
struct sigaction before[NSIG];

const Entry* running;
void** arguments;
Fiber* fibers;
unsigned fiberCount;
unsigned current;
jmp_buf scheduler;
unsigned long long lanes[mostThreads / 32][32];
int counted;
bool backwards = false;

[[noreturn]] void leave(int signal, void* address, const char* why) {
  fault = signal;
  faultAddress = address;
  faultReason = why;
  siglongjmp(escape, 1);
}

void onSignal(int signal, siginfo_t* info, void* context) {
  if (executing && pthread_equal(pthread_self(), executor)) leave(signal, info->si_addr, nullptr);
  // Another thread's: what was there before this library, such as the JavaScript engine's own handler.
  const struct sigaction& old = before[signal];
  if (old.sa_flags & SA_SIGINFO) return old.sa_sigaction(signal, info, context);
  if (old.sa_handler != SIG_DFL && old.sa_handler != SIG_IGN) return old.sa_handler(signal);
  sigaction(signal, &old, nullptr);
}

/** Once in each thread that executes. */
void catchSignals() {
  static thread_local bool ready = false;
  if (ready) return;
  ready = true;
  stack_t alternate = {};
  alternate.ss_size = 1 << 16;
  alternate.ss_sp = mmap(nullptr, alternate.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  sigaltstack(&alternate, nullptr);
  static bool installed = false;
  if (installed) return;
  installed = true;
  for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP}) {
    struct sigaction action = {};
    action.sa_sigaction = onSignal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigaction(signal, &action, &before[signal]);
  }
}

void setThread(unsigned index) {
  thread = {index % blockSize.x, index / blockSize.x % blockSize.y, index / blockSize.x / blockSize.y};
}

void fiberMain() {
  running->call(arguments);
  fibers[current].state = State::ended;
  _longjmp(scheduler, 1);
}

void yield(State state) {
  Fiber& self = fibers[current];
  self.state = state;
  if (_setjmp(self.at) == 0) _longjmp(scheduler, 1);
}

void needFibers() {
  if (!running->barriers) stop(719, "a barrier in a kernel whose source was read as having none");
}

void makeFibers() {
  if (fibers) return;
  fibers = new Fiber[mostThreads]();
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  for (unsigned index = 0; index < mostThreads; index++) {
    void* stack = mmap(nullptr, stackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    mprotect(stack, page, PROT_NONE);
    fibers[index].stack = static_cast<char*>(stack);
  }
}

void resume(unsigned index) {
  Fiber& fiber = fibers[index];
  current = index;
  setThread(index);
  if (_setjmp(scheduler) != 0) return;
  if (fiber.begun) _longjmp(fiber.at, 1);
  fiber.begun = true;
  getcontext(&fiber.begin);
  fiber.begin.uc_stack.ss_sp = fiber.stack;
  fiber.begin.uc_stack.ss_size = stackBytes;
  fiber.begin.uc_link = nullptr;
  makecontext(&fiber.begin, fiberMain, 0);
  setcontext(&fiber.begin);
}

/** Lets the lanes of a warp go on that have all met their mask. */
bool openWarps() {
  bool opened = false;
  for (unsigned first = 0; first < fiberCount; first += 32) {
    for (unsigned index = first; index < first + 32 && index < fiberCount; index++) {
      if (fibers[index].state != State::atWarpBarrier) continue;
      const unsigned mask = fibers[index].mask;
      bool all = true;
      for (unsigned lane = 0; lane < 32; lane++) {
        if (!((mask >> lane) & 1u) || first + lane >= fiberCount) continue;
        const Fiber& other = fibers[first + lane];
        if (other.state == State::ended) continue;
        all = all && other.state == State::atWarpBarrier && other.mask == mask;
      }
      if (!all) continue;
      for (unsigned lane = 0; lane < 32; lane++) {
        if (((mask >> lane) & 1u) && first + lane < fiberCount && fibers[first + lane].state != State::ended) {
          fibers[first + lane].state = State::ready;
        }
      }
      opened = true;
    }
  }
  return opened;
}

/** Lets the block go on where all its threads that have not ended wait. */
bool openBlock() {
  bool any = false;
  int count = 0;
  for (unsigned index = 0; index < fiberCount; index++) {
    if (fibers[index].state == State::ended) continue;
    if (fibers[index].state != State::atBlockBarrier) return false;
    any = true;
    count += fibers[index].predicate;
  }
  counted = count;
  for (unsigned index = 0; index < fiberCount; index++) {
    if (fibers[index].state == State::atBlockBarrier) fibers[index].state = State::ready;
  }
  return any;
}

/** Every other block runs its threads from the last to the first, so that what lacks a barrier does not pass by luck. */
unsigned turnOf(unsigned turn, unsigned count) { return backwards ? count - 1 - turn : turn; }

void runFibers() {
  makeFibers();
  fiberCount = blockSize.x * blockSize.y * blockSize.z;
  for (unsigned index = 0; index < fiberCount; index++) {
    fibers[index].begun = false;
    fibers[index].state = State::ready;
  }
  while (true) {
    bool ended = true;
    for (unsigned turn = 0; turn < fiberCount; turn++) {
      const unsigned index = turnOf(turn, fiberCount);
      if (fibers[index].state == State::ready) resume(index);
      ended = ended && fibers[index].state == State::ended;
    }
    if (ended) return;
    bool ready = openWarps() | openBlock();
    for (unsigned index = 0; index < fiberCount && !ready; index++) ready = fibers[index].state == State::ready;
    if (!ready) stop(719, "threads wait for each other at different barriers; a card would never end");
  }
}

void runThreads() {
  const unsigned count = blockSize.x * blockSize.y * blockSize.z;
  for (unsigned turn = 0; turn < count; turn++) {
    setThread(turnOf(turn, count));
    running->call(arguments);
  }
}

void poisonShared() {
#if defined(__ELF__)
  if (__start_emulated_shared) memset(__start_emulated_shared, 0xa7, __stop_emulated_shared - __start_emulated_shared);
#endif
}

void runBlocks() {
  for (unsigned z = gridSize.z; z-- > 0;) {
    for (unsigned y = gridSize.y; y-- > 0;) {
      for (unsigned x = gridSize.x; x-- > 0;) {
        block = {x, y, z};
        poisonShared();
        backwards = !backwards;
        if (running->barriers) runFibers();
        else runThreads();
      }
    }
  }
}

Result faultResult() {
  char place[160];
  snprintf(place, sizeof place, "%s, block (%u, %u, %u), thread (%u, %u, %u)", running->name, block.x, block.y, block.z,
           thread.x, thread.y, thread.z);
  std::string why = place;
  const int signal = fault;
  if (faultReason) return {signal, why + ": " + faultReason};
  if (signal == SIGSEGV || signal == SIGBUS) {
    return {700, why + ": " + describeAddress(reinterpret_cast<size_t>(faultAddress))};
  }
  return {719, why + ": an index beyond its array, an address not aligned to its type, a shift by the width or more, an "
                     "integer divided by 0, or a float that its integer cannot hold"};
}

}  // namespace

bool add(Entry entry) {
  entries()[entry.name] = entry;
  return true;
}

bool addFailure(const char* kernel, const char* messages) {
  failureText() += std::string("kernel.cu of ") + kernel + " does not compile in the emulator:\n" + messages + "\n";
  return true;
}

const Entry* findEntry(const std::string& name) {
  const auto found = entries().find(name);
  return found == entries().end() ? nullptr : &found->second;
}

const std::string& failures() { return failureText(); }

void stop(int result, const char* why) { leave(result, nullptr, why); }

int lane() {
  needFibers();
  return (int)(current & 31u);
}

void syncBlock() {
  needFibers();
  fibers[current].predicate = false;
  yield(State::atBlockBarrier);
}

int countInBlock(bool predicate) {
  needFibers();
  fibers[current].predicate = predicate;
  yield(State::atBlockBarrier);
  return counted;
}

void syncWarp(unsigned mask) {
  needFibers();
  if (!((mask >> (current & 31u)) & 1u)) stop(719, "a lane waits with a mask that it is not in");
  fibers[current].mask = mask;
  yield(State::atWarpBarrier);
}

const unsigned long long* exchange(unsigned mask, unsigned long long value) {
  needFibers();
  lanes[current / 32][current & 31u] = value;
  syncWarp(mask);
  return lanes[current / 32];
}

Result execute(const Entry& entry, Index grid, Index threads, void** parameters) {
  static auto* lock = new std::mutex();
  std::lock_guard<std::mutex> guard(*lock);
  catchSignals();
  executor = pthread_self();
  running = &entry;
  arguments = parameters;
  gridSize = grid;
  blockSize = threads;
  if (sigsetjmp(escape, 1) != 0) {
    executing = false;
    return faultResult();
  }
  executing = true;
  runBlocks();
  executing = false;
  return {0, ""};
}

}  // namespace emulator
