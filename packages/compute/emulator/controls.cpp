// What tests ask of the emulator itself.
#include "world.h"

#define API extern "C" __attribute__((visibility("default")))

using namespace emulator;

/** The call of `function` after the next `after` ones returns `code`; "kernel" stands for a kernel while it runs. */
API void emulatorFail(const char* function, int code, int after) {
  std::lock_guard<std::mutex> guard(world().lock);
  world().failures[function].push_back({after, code});
}

/** Kernels do not begin until they are let go. */
API void emulatorHang(int hang) {
  std::lock_guard<std::mutex> guard(world().lock);
  world().hang = hang != 0;
  world().released.notify_all();
}

API void emulatorSetVersion(int version) { world().version = version; }

/** The cards of the machine, from 0: `emulatorSetCard(0, …)` changes the first. 0 bytes take it and all after it away. */
API void emulatorSetCard(int ordinal, const char* name, size_t totalBytes, int capability) {
  std::lock_guard<std::mutex> guard(world().lock);
  auto& cards = world().cards;
  if (totalBytes == 0) {
    cards.resize((size_t)ordinal);
    return;
  }
  if (ordinal == (int)cards.size()) cards.push_back({});
  Card& card = cards[(size_t)ordinal];
  card.name = name;
  card.totalBytes = totalBytes;
  card.capability = capability;
}

/** Bytes of the cards' memory in use, in all contexts. */
API double emulatorUsedBytes() {
  std::lock_guard<std::mutex> guard(world().lock);
  size_t used = 0;
  for (const auto& card : world().cards) used += card.usedBytes;
  return (double)used;
}

API int emulatorContexts() {
  std::lock_guard<std::mutex> guard(world().lock);
  return (int)world().contexts.size();
}

/** How often an entry has run. */
API double emulatorLaunches(const char* entry) {
  std::lock_guard<std::mutex> guard(world().lock);
  return (double)world().launches[entry];
}
