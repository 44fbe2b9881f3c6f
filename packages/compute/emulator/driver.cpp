// The CUDA driver's interface as this package calls it, with the kernels run on the processor.
// https://docs.nvidia.com/cuda/cuda-driver-api/
#include <array>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include "execute.h"
#include "memory.h"
#include "ptx.h"

#define API extern "C" __attribute__((visibility("default")))
/** First line of every call: failures that a test has asked for. */
#define BEGIN                                        \
  do {                                               \
    if (const int code = injected(__func__)) return code; \
  } while (0)

namespace {

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
  std::string why;
};

World& world() {
  static auto* one = new World();
  static bool ready = (one->cards.push_back({"emulated card on the processor", size_t(1) << 30, 75, 0}), true);
  (void)ready;
  return *one;
}

thread_local Context* current = nullptr;

bool endsContext(int code) {
  static const std::set<int> codes = {4, 46, 214, 220, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721, 999};
  return codes.count(code) > 0;
}

void endContext(Context* context, int code) {
  std::lock_guard<std::mutex> guard(context->lock);
  if (context->error == success) context->error = code;
  context->changed.notify_all();
}

void explain(const std::string& why) {
  std::lock_guard<std::mutex> guard(world().lock);
  world().why = why;
}

/** The failure that a test asked for in this call of `function`, or 0. */
int injected(const char* function) {
  int code = success;
  {
    std::lock_guard<std::mutex> guard(world().lock);
    auto& failures = world().failures[function];
    if (failures.empty()) return success;
    if (failures.front().after-- > 0) return success;
    code = failures.front().code;
    failures.pop_front();
    world().why = std::string("asked for in ") + function;
  }
  if (endsContext(code) && current) endContext(current, code);
  return code;
}

/** The current context where it can be used. */
int usable(Context*& context) {
  context = current;
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
    const emulator::Result result = task();
    if (result.code != success) explain(result.why);
    hold.lock();
    if (result.code == success) context->finished++;
    else if (context->error == success) context->error = result.code;
    context->changed.notify_all();
  }
}

int enqueue(Context* context, std::function<emulator::Result()> task) {
  std::lock_guard<std::mutex> guard(context->lock);
  if (context->error != success) return context->error;
  context->tasks.push_back(std::move(task));
  context->issued++;
  context->changed.notify_all();
  return success;
}

/** Waits for all that is queued, as calls do that a card makes wait. */
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

const std::map<int, std::pair<const char*, const char*>>& errors() {
  static const auto* table = new std::map<int, std::pair<const char*, const char*>>{
      {0, {"CUDA_SUCCESS", "no error"}},
      {1, {"CUDA_ERROR_INVALID_VALUE", "invalid argument"}},
      {2, {"CUDA_ERROR_OUT_OF_MEMORY", "out of memory"}},
      {3, {"CUDA_ERROR_NOT_INITIALIZED", "initialization error"}},
      {4, {"CUDA_ERROR_DEINITIALIZED", "driver shutting down"}},
      {46, {"CUDA_ERROR_DEVICE_UNAVAILABLE", "CUDA-capable device(s) is/are busy or unavailable"}},
      {100, {"CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"}},
      {101, {"CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"}},
      {201, {"CUDA_ERROR_INVALID_CONTEXT", "invalid device context"}},
      {209, {"CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available for execution on the device"}},
      {214, {"CUDA_ERROR_ECC_UNCORRECTABLE", "uncorrectable ECC error encountered"}},
      {218, {"CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"}},
      {221, {"CUDA_ERROR_JIT_COMPILER_NOT_FOUND", "PTX JIT compiler library not found"}},
      {222, {"CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "the provided PTX was compiled with an unsupported toolchain."}},
      {400, {"CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"}},
      {500, {"CUDA_ERROR_NOT_FOUND", "named symbol not found"}},
      {600, {"CUDA_ERROR_NOT_READY", "device not ready"}},
      {700, {"CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"}},
      {701, {"CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"}},
      {702, {"CUDA_ERROR_LAUNCH_TIMEOUT", "the launch timed out and was terminated"}},
      {710, {"CUDA_ERROR_ASSERT", "device-side assert triggered"}},
      {719, {"CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"}},
  };
  return *table;
}

}  // namespace

API int cuInit(unsigned) {
  BEGIN;
  std::lock_guard<std::mutex> guard(world().lock);
  if (world().cards.empty()) return 100;
  world().initialized = true;
  return success;
}

API int cuDriverGetVersion(int* version) {
  BEGIN;
  *version = world().version;
  return success;
}

API int cuDeviceGetCount(int* count) {
  BEGIN;
  *count = (int)world().cards.size();
  return world().initialized ? success : notInitialized;
}

API int cuDeviceGet(int* device, int ordinal) {
  BEGIN;
  *device = ordinal;
  return cardOf(ordinal) ? success : invalidDevice;
}

API int cuDeviceGetName(char* name, int length, int device) {
  BEGIN;
  const Card* card = cardOf(device);
  if (!card) return invalidDevice;
  strncpy(name, card->name.c_str(), (size_t)length);
  return success;
}

API int cuDeviceTotalMem_v2(size_t* bytes, int device) {
  BEGIN;
  const Card* card = cardOf(device);
  if (!card) return invalidDevice;
  *bytes = card->totalBytes;
  return success;
}

API int cuDeviceGetAttribute(int* value, int attribute, int device) {
  BEGIN;
  const Card* card = cardOf(device);
  if (!card) return invalidDevice;
  if (attribute == 75) *value = card->capability / 10;
  else if (attribute == 76) *value = card->capability % 10;
  else return invalidValue;
  return success;
}

API int cuGetErrorName(int code, const char** name) {
  const auto found = errors().find(code);
  if (found == errors().end()) return invalidValue;
  *name = found->second.first;
  return success;
}

/** With what the emulator knows of the last failure. The text stays until this thread's next call. */
API int cuGetErrorString(int code, const char** text) {
  static thread_local std::string* last = new std::string();
  const auto found = errors().find(code);
  if (found == errors().end()) return invalidValue;
  std::lock_guard<std::mutex> guard(world().lock);
  *last = found->second.second + (world().why.empty() ? "" : " [" + world().why + "]");
  *text = last->c_str();
  return success;
}

API int cuCtxCreate_v2(Context** out, unsigned, int device) {
  BEGIN;
  std::lock_guard<std::mutex> guard(world().lock);
  if (!world().initialized) return notInitialized;
  if (!cardOf(device)) return invalidDevice;
  auto* context = new Context();
  context->card = device;
  context->worker = std::thread(work, context);
  world().contexts.insert(context);
  current = context;
  *out = context;
  return success;
}

API int cuCtxDestroy_v2(Context* context) {
  {
    std::lock_guard<std::mutex> guard(world().lock);
    if (!world().contexts.count(context)) return invalidContext;
  }
  drain(context);
  {
    std::lock_guard<std::mutex> guard(context->lock);
    context->closing = true;
    context->changed.notify_all();
  }
  context->worker.join();
  std::lock_guard<std::mutex> guard(world().lock);
  for (const size_t address : context->buffers) world().cards[(size_t)context->card].usedBytes -= emulator::release(address);
  for (const auto& one : context->pinned) free(reinterpret_cast<void*>(one.first));
  world().contexts.erase(context);
  if (current == context) current = nullptr;
  delete context;
  return success;
}

API int cuCtxSetCurrent(Context* context) {
  BEGIN;
  std::lock_guard<std::mutex> guard(world().lock);
  if (context && !world().contexts.count(context)) return invalidContext;
  current = context;
  return success;
}

API int cuStreamCreate(void** stream, unsigned) {
  BEGIN;
  Context* context;
  if (const int code = usable(context)) return code;
  *stream = context;
  return success;
}

API int cuEventCreate(Event** out, unsigned) {
  BEGIN;
  Context* context;
  if (const int code = usable(context)) return code;
  std::lock_guard<std::mutex> guard(world().lock);
  *out = new Event{context, 0};
  world().events.insert(*out);
  return success;
}

API int cuEventRecord(Event* event, void* stream) {
  BEGIN;
  Context* context;
  if (const int code = usable(context)) return code;
  std::lock_guard<std::mutex> guard(world().lock);
  if (!world().events.count(event) || event->context != context || stream != context) return invalidHandle;
  std::lock_guard<std::mutex> inner(context->lock);
  event->target = context->issued;
  return success;
}

API int cuEventQuery(Event* event) {
  BEGIN;
  Context* context;
  if (const int code = usable(context)) return code;
  std::lock_guard<std::mutex> guard(world().lock);
  if (!world().events.count(event) || event->context != context) return invalidHandle;
  std::lock_guard<std::mutex> inner(context->lock);
  return event->target <= context->finished ? success : notReady;
}

API int cuMemGetInfo_v2(size_t* free, size_t* total) {
  BEGIN;
  Context* context;
  if (const int code = usable(context)) return code;
  std::lock_guard<std::mutex> guard(world().lock);
  const Card& card = world().cards[(size_t)context->card];
  *free = card.totalBytes - card.usedBytes;
  *total = card.totalBytes;
  return success;
}

API int cuMemAlloc_v2(size_t* out, size_t bytes) {
  BEGIN;
  Context* context;
  if (const int code = usable(context)) return code;
  if (bytes == 0) return invalidValue;
  std::lock_guard<std::mutex> guard(world().lock);
  Card& card = world().cards[(size_t)context->card];
  if (bytes > card.totalBytes - card.usedBytes) return outOfMemory;
  const size_t address = emulator::allocate(bytes);
  if (address == 0) return outOfMemory;
  card.usedBytes += bytes;
  context->buffers.insert(address);
  *out = address;
  return success;
}

API int cuMemFree_v2(size_t address) {
  BEGIN;
  Context* context;
  if (const int code = usable(context)) return code;
  if (const int code = drain(context)) return code;
  std::lock_guard<std::mutex> guard(world().lock);
  if (context->buffers.erase(address) == 0) return invalidValue;
  world().cards[(size_t)context->card].usedBytes -= emulator::release(address);
  return success;
}

API int cuMemHostAlloc(void** out, size_t bytes, unsigned) {
  BEGIN;
  Context* context;
  if (const int code = usable(context)) return code;
  void* address = bytes == 0 ? nullptr : malloc(bytes);
  if (!address) return bytes == 0 ? invalidValue : outOfMemory;
  std::lock_guard<std::mutex> guard(context->lock);
  context->pinned[reinterpret_cast<size_t>(address)] = bytes;
  *out = address;
  return success;
}

API int cuMemFreeHost(void* address) {
  BEGIN;
  Context* context;
  if (const int code = usable(context)) return code;
  if (const int code = drain(context)) return code;
  std::lock_guard<std::mutex> guard(context->lock);
  if (context->pinned.erase(reinterpret_cast<size_t>(address)) == 0) return invalidValue;
  free(address);
  return success;
}

namespace {

/** A copy: later where the host's memory is page-locked, else now, after all that is queued. */
int copy(void* stream, size_t device, void* host, size_t bytes, bool toDevice) {
  Context* context;
  if (const int code = usable(context)) return code;
  if (stream != context) return invalidHandle;
  if (!emulator::holds(device, bytes)) return invalidValue;
  auto task = [=]() -> emulator::Result {
    void* there = reinterpret_cast<void*>(device);
    if (!emulator::holds(device, bytes)) return {illegalAddress, "a copy to or from a buffer that was freed before it ran"};
    memcpy(toDevice ? there : host, toDevice ? host : there, bytes);
    return {success, ""};
  };
  if (const int code = enqueue(context, task)) return code;
  return isPinned(context, host, bytes) ? success : drain(context);
}

}  // namespace

API int cuMemcpyHtoDAsync_v2(size_t device, void* host, size_t bytes, void* stream) {
  BEGIN;
  return copy(stream, device, host, bytes, true);
}

API int cuMemcpyDtoHAsync_v2(void* host, size_t device, size_t bytes, void* stream) {
  BEGIN;
  return copy(stream, device, host, bytes, false);
}

API int cuMemsetD8Async(size_t device, unsigned char value, size_t bytes, void* stream) {
  BEGIN;
  Context* context;
  if (const int code = usable(context)) return code;
  if (stream != context) return invalidHandle;
  if (!emulator::holds(device, bytes)) return invalidValue;
  return enqueue(context, [=]() -> emulator::Result {
    memset(reinterpret_cast<void*>(device), value, bytes);
    return {success, ""};
  });
}

API int cuModuleLoadDataEx(Module** out, const char* image, unsigned count, const int* options, void** values) {
  char* log = nullptr;
  size_t logBytes = 0;
  for (unsigned index = 0; index < count; index++) {
    if (options[index] == 5) log = static_cast<char*>(values[index]);
    if (options[index] == 6) logBytes = reinterpret_cast<size_t>(values[index]);
  }
  BEGIN;
  Context* context;
  if (const int code = usable(context)) return code;
  auto refuse = [&](int code, const std::string& words) {
    if (log && logBytes > 0) snprintf(log, logBytes, "%s", words.c_str());
    return code;
  };
  const emulator::Ptx ptx = emulator::readPtx(image, cardOf(context->card)->capability, world().version);
  if (ptx.result != success) return refuse(ptx.result, ptx.log);
  auto module = new Module();
  for (const auto& one : ptx.entries) {
    const emulator::Entry* entry = emulator::findEntry(one.name);
    if (!entry) return refuse(invalidPtx, "no kernel.cu has the entry " + one.name + "\n" + emulator::failures());
    if (entry->sizes != one.sizes) {
      return refuse(invalidPtx, "the parameters of " + one.name + " in kernel.ptx are not those in kernel.cu");
    }
    module->functions[one.name] = new Function{context, entry, one.mostThreads};
  }
  std::lock_guard<std::mutex> guard(world().lock);
  world().modules.insert(module);
  for (const auto& one : module->functions) world().functions.insert(one.second);
  *out = module;
  return success;
}

API int cuModuleGetFunction(Function** out, Module* module, const char* name) {
  BEGIN;
  Context* context;
  if (const int code = usable(context)) return code;
  std::lock_guard<std::mutex> guard(world().lock);
  if (!world().modules.count(module)) return invalidHandle;
  const auto found = module->functions.find(name);
  if (found == module->functions.end()) return notFound;
  *out = found->second;
  return success;
}

API int cuLaunchKernel(Function* function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
                       unsigned blockZ, unsigned sharedBytes, void* stream, void** parameters, void** extra) {
  BEGIN;
  Context* context;
  if (const int code = usable(context)) return code;
  {
    std::lock_guard<std::mutex> guard(world().lock);
    if (!world().functions.count(function) || function->context != context || stream != context) return invalidHandle;
  }
  if (gridX == 0 || gridY == 0 || gridZ == 0 || gridX > 0x7fffffffu || gridY > 65535 || gridZ > 65535) return invalidValue;
  const uint64_t threads = (uint64_t)blockX * blockY * blockZ;
  if (threads == 0 || blockX > 1024 || blockY > 1024 || blockZ > 64 || threads > 1024 || extra) return invalidValue;
  if (threads > function->mostThreads) return launchOutOfResources;
  if (sharedBytes > 0) return invalidValue;
  const emulator::Entry* entry = function->entry;
  // A driver copies parameters during the call.
  std::vector<std::array<unsigned char, 16>> copies(entry->sizes.size());
  for (size_t index = 0; index < copies.size(); index++) {
    if (entry->sizes[index] > copies[index].size()) return invalidValue;
    memcpy(copies[index].data(), parameters[index], entry->sizes[index]);
  }
  return enqueue(context, [=]() mutable -> emulator::Result {
    waitWhileHanging();
    if (const int code = injected("kernel")) return {code, world().why};
    std::vector<void*> pointers;
    for (size_t index = 0; index < copies.size(); index++) {
      size_t address = 0;
      if (entry->pointers[index]) {
        memcpy(&address, copies[index].data(), sizeof address);
        if (address != 0 && !emulator::holds(address, 1)) {
          return {illegalAddress, std::string("parameter ") + std::to_string(index) + " of " + entry->name + " " +
                                      emulator::describeAddress(address)};
        }
      }
      pointers.push_back(copies[index].data());
    }
    emulator::Result result =
        emulator::execute(*entry, {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, pointers.data());
    if (result.code == success) {
      const std::string found = emulator::overwritten();
      if (!found.empty()) result = {illegalAddress, std::string(entry->name) + " " + found};
    }
    std::lock_guard<std::mutex> guard(world().lock);
    world().launches[entry->name]++;
    return result;
  });
}

// What tests ask of the emulator itself.

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
