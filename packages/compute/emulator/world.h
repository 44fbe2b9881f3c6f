// Everything behind the driver's interface: cards, contexts, what is queued on them, failures that tests ask for.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include "execute.h"

namespace emulator {

constexpr int success = 0, invalidValue = 1, outOfMemory = 2, notInitialized = 3, invalidDevice = 101, invalidContext = 201,
              invalidPtx = 218, invalidHandle = 400, notFound = 500, notReady = 600, illegalAddress = 700,
              launchOutOfResources = 701;

struct Card {
  std::string name;
  size_t totalBytes;
  int capability;
  size_t usedBytes;
};

struct Context;
struct Function {
  Context* context;
  const emulator::Entry* entry;
  unsigned mostThreads;
};
struct Module {
  std::map<std::string, Function*> functions;
};
struct Event {
  Context* context;
  uint64_t target;
};

struct Context {
  int card;
  std::mutex lock;
  std::condition_variable changed;
  std::deque<std::function<emulator::Result()>> tasks;
  uint64_t issued = 0;
  uint64_t finished = 0;
  int error = success;
  bool closing = false;
  std::set<size_t> buffers;
  std::map<size_t, size_t> pinned;
  std::thread worker;
};

/** All that the library knows; it is never freed, since threads may outlive `main`. */
struct World {
  std::mutex lock;
  bool initialized = false;
  int version = 13000;
  std::deque<Card> cards;
  std::set<Context*> contexts;
  std::set<Event*> events;
  std::set<Module*> modules;
  std::set<Function*> functions;
  struct Failure {
    int after;
    int code;
  };
  std::map<std::string, std::deque<Failure>> failures;
  bool hang = false;
  std::condition_variable released;
  std::map<std::string, uint64_t> launches;
  /** What is known of the last failure, beyond its code. */
  int whyCode = 0;
  std::string why;
};

World& world();

/** The calling thread's context, as the driver has it. */
extern thread_local Context* currentContext;

/** Notes what is known of a failure, for the text of its error. */
void explain(int code, const std::string& why);
/** The failure that a test asked for in this call of `function`, or 0. */
int injected(const char* function);
/** The current context, with 0 where it can be used. */
int usable(Context*& context);
/** Runs a context's tasks in order, on a thread of its own. */
void work(Context* context);
int enqueue(Context* context, std::function<Result()> task);
/** Waits for all that is queued, as calls do that a card makes wait. */
int drain(Context* context);
bool isPinned(Context* context, const void* address, size_t bytes);
void waitWhileHanging();
/** Null where there is none. */
Card* cardOf(int ordinal);

}  // namespace emulator
