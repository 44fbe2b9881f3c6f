#include "world.h"

namespace emulator {

World& world() {
  static auto* one = new World();
  static bool ready = (one->cards.push_back({"emulated card on the processor", size_t(1) << 30, 75, 0}), true);
  (void)ready;
  return *one;
}

thread_local Context* currentContext = nullptr;

static bool endsContext(int code) {
  static const std::set<int> codes = {4, 46, 214, 220, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721, 999};
  return codes.count(code) > 0;
}

static void endContext(Context* context, int code) {
  std::lock_guard<std::mutex> guard(context->lock);
  if (context->error == success) context->error = code;
  context->changed.notify_all();
}

void explain(int code, const std::string& why) {
  std::lock_guard<std::mutex> guard(world().lock);
  world().whyCode = code;
  world().why = why;
}

int injected(const char* function) {
  int code = success;
  Context* ended = nullptr;
  {
    std::lock_guard<std::mutex> guard(world().lock);
    auto& failures = world().failures[function];
    if (failures.empty()) return success;
    if (failures.front().after-- > 0) return success;
    code = failures.front().code;
    failures.pop_front();
    world().whyCode = code;
    world().why = std::string("asked for in ") + function;
    // A context that was destroyed stays current in other threads.
    if (endsContext(code) && world().contexts.count(currentContext)) ended = currentContext;
  }
  if (ended) endContext(ended, code);
  return code;
}

int usable(Context*& context) {
  context = currentContext;
  {
    std::lock_guard<std::mutex> guard(world().lock);
    if (!world().initialized) return notInitialized;
    if (!context || !world().contexts.count(context)) return invalidContext;
  }
  std::lock_guard<std::mutex> guard(context->lock);
  return context->error;
}

void work(Context* context) {
  std::unique_lock<std::mutex> hold(context->lock);
  while (true) {
    context->changed.wait(hold, [&] { return context->closing || (!context->tasks.empty() && context->error == success); });
    if (context->tasks.empty() || context->error != success) return;
    auto task = std::move(context->tasks.front());
    context->tasks.pop_front();
    hold.unlock();
    const Result result = task();
    if (result.code != success) explain(result.code, result.why);
    hold.lock();
    if (result.code == success) context->finished++;
    else if (context->error == success) context->error = result.code;
    context->changed.notify_all();
  }
}

int enqueue(Context* context, std::function<Result()> task) {
  std::lock_guard<std::mutex> guard(context->lock);
  if (context->error != success) return context->error;
  context->tasks.push_back(std::move(task));
  context->issued++;
  context->changed.notify_all();
  return success;
}

int drain(Context* context) {
  std::unique_lock<std::mutex> hold(context->lock);
  context->changed.wait(hold, [&] { return context->error != success || context->finished == context->issued; });
  return context->error;
}

bool isPinned(Context* context, const void* address, size_t bytes) {
  std::lock_guard<std::mutex> guard(context->lock);
  const size_t at = reinterpret_cast<size_t>(address);
  auto after = context->pinned.upper_bound(at);
  if (after == context->pinned.begin()) return false;
  const auto& [start, size] = *--after;
  return at - start <= size && bytes <= size - (at - start);
}

void waitWhileHanging() {
  std::unique_lock<std::mutex> hold(world().lock);
  world().released.wait(hold, [] { return !world().hang; });
}

Card* cardOf(int ordinal) {
  auto& cards = world().cards;
  return ordinal >= 0 && ordinal < (int)cards.size() ? &cards[(size_t)ordinal] : nullptr;
}

}  // namespace emulator
