// The CUDA driver's interface as this package calls it, with the kernels run on the processor.
// https://docs.nvidia.com/cuda/cuda-driver-api/
#include <array>
#include <cstdlib>
#include <cstring>
#include "error-names.h"
#include "memory.h"
#include "ptx.h"
#include "world.h"

#define API extern "C" __attribute__((visibility("default")))
/** First line of every call: failures that a test has asked for. */
#define BEGIN                                             \
  do {                                                    \
    if (const int code = injected(__func__)) return code; \
  } while (0)

using namespace emulator;

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
  *last = found->second.second + (world().whyCode == code ? " [" + world().why + "]" : "");
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
  currentContext = context;
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
  for (const size_t address : context->buffers) world().cards[(size_t)context->card].usedBytes -= release(address);
  for (const auto& one : context->pinned) free(reinterpret_cast<void*>(one.first));
  world().contexts.erase(context);
  if (currentContext == context) currentContext = nullptr;
  delete context;
  return success;
}

API int cuCtxSetCurrent(Context* context) {
  BEGIN;
  std::lock_guard<std::mutex> guard(world().lock);
  if (context && !world().contexts.count(context)) return invalidContext;
  currentContext = context;
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
  const size_t address = allocate(bytes);
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
  world().cards[(size_t)context->card].usedBytes -= release(address);
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
  if (!holds(device, bytes)) return invalidValue;
  auto task = [=]() -> Result {
    void* there = reinterpret_cast<void*>(device);
    if (!holds(device, bytes)) return {illegalAddress, "a copy to or from a buffer that was freed before it ran"};
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
  if (!holds(device, bytes)) return invalidValue;
  return enqueue(context, [=]() -> Result {
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
  const Ptx ptx = readPtx(image, cardOf(context->card)->capability, world().version);
  if (ptx.result != success) return refuse(ptx.result, ptx.log);
  auto module = new Module();
  for (const auto& one : ptx.entries) {
    const Entry* entry = findEntry(one.name);
    if (!entry) return refuse(invalidPtx, "no kernel.cu has the entry " + one.name + "\n" + failures());
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
  const Entry* entry = function->entry;
  // A driver copies parameters during the call.
  std::vector<std::array<unsigned char, 16>> copies(entry->sizes.size());
  for (size_t index = 0; index < copies.size(); index++) {
    if (entry->sizes[index] > copies[index].size()) return invalidValue;
    memcpy(copies[index].data(), parameters[index], entry->sizes[index]);
  }
  return enqueue(context, [=]() mutable -> Result {
    waitWhileHanging();
    if (const int code = injected("kernel")) return {code, "asked for in a kernel"};
    std::vector<void*> pointers;
    for (size_t index = 0; index < copies.size(); index++) {
      size_t address = 0;
      if (entry->pointers[index]) {
        memcpy(&address, copies[index].data(), sizeof address);
        if (address != 0 && !holds(address, 1)) {
          return {illegalAddress, std::string("parameter ") + std::to_string(index) + " of " + entry->name + " " +
                                      describeAddress(address)};
        }
      }
      pointers.push_back(copies[index].data());
    }
    Result result =
        execute(*entry, {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, pointers.data());
    if (result.code == success) {
      const std::string found = overwritten();
      if (!found.empty()) result = {illegalAddress, std::string(entry->name) + " " + found};
    }
    std::lock_guard<std::mutex> guard(world().lock);
    world().launches[entry->name]++;
    return result;
  });
}
